#include "hub/model_reference.h"

#include <gtest/gtest.h>

#include <set>

#include "clipseek/error.h"

namespace clipseek::hub {
namespace {

TEST(ModelName, IsAKnownNameOrARepository) {
  auto known = parse_model_name("CLIP-ViT-Base-Patch32");
  ASSERT_TRUE(known);
  EXPECT_EQ(known->repository, "openai/clip-vit-base-patch32");
  EXPECT_EQ(known->name(), "clip-vit-base-patch32");
  EXPECT_TRUE(is_commit(known->revision));

  auto repository = parse_model_name("Owner/a.b_c-1");
  ASSERT_TRUE(repository);
  EXPECT_EQ(repository->revision, "main");
  EXPECT_EQ(repository->name(), "Owner/a.b_c-1");
  EXPECT_EQ(parse_model_name("a/b@refs/pr/7")->revision, "refs/pr/7");
  EXPECT_EQ(parse_model_name("a/b@refs/pr/7")->name(), "a/b@refs/pr/7");
}

TEST(ModelName, IgnoresPaths) {
  for (const char* name : {"", "tiny", "./a", "../a", "a/", "/a/b", "a/b/c", "a--b/c", "a/..", "a/b.", "-a/b", "~/a"}) {
    EXPECT_FALSE(parse_model_name(name)) << name;
  }
}

TEST(ModelName, RefusesAnInvalidRevision) {
  for (const char* name : {"a/b@", "a/b@..", "a/b@../x", "a/b@x/../y", "a/b@/x", "a/b@x/", "a/b@x//y", "a/b@.x",
                           "a/b@-x", "a/b@x y", "a/b@x\ny", "a/b@x?y", "../b@main"}) {
    EXPECT_THROW(parse_model_name(name), Error) << name;
  }
  EXPECT_THROW(parse_model_name("a/b@" + std::string(201, 'x')), Error);
}

TEST(ModelName, FindsTheNamesThatAMisspellingMayMean) {
  EXPECT_EQ(near_model_names("clip-vit-base-patch23").front(), "clip-vit-base-patch32");
  EXPECT_EQ(near_model_names("CLIP_VIT_BASE_PATCH32").front(), "clip-vit-base-patch32");
  EXPECT_EQ(near_model_names("siglip2").size(), 2U);
  EXPECT_EQ(near_model_names("clip-vit-b32").front(), "clip-vit-base-patch32");
  EXPECT_EQ(near_model_names("ViT-L/14").front(), "clip-vit-large-patch14");
  EXPECT_TRUE(near_model_names("resnet").empty());
  EXPECT_TRUE(near_model_names(std::string(1'000'000, 'c')).empty());
  try {
    require_model_name("chinese-clip-vit-base");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotFound);
    EXPECT_NE(std::string(error.what()).find("chinese-clip-vit-base-patch16"), std::string::npos);
  }
}

TEST(KnownModels, HaveDistinctNamesAndRepositories) {
  std::set<std::string_view> names;
  std::set<std::string_view> repositories;
  for (const KnownModel& model : known_models()) {
    EXPECT_TRUE(names.insert(model.name).second) << model.name;
    EXPECT_TRUE(repositories.insert(model.repository).second) << model.name;
    EXPECT_TRUE(is_commit(model.revision)) << model.name;
    EXPECT_EQ(model.name.find('/'), std::string_view::npos);
    EXPECT_EQ(parse_model_name(std::string(model.name))->known, &model);
    // The repository must be a valid name too, because its files are requested by it.
    EXPECT_TRUE(parse_model_name(std::string(model.repository))) << model.name;
  }
}

}  // namespace
}  // namespace clipseek::hub
