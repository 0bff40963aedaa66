#include "hub/repository.h"

#include <gtest/gtest.h>

#include "clipseek/error.h"

namespace clipseek::hub {
namespace {

const std::string kCommit(40, 'c');
const std::string kSha256(64, 'a');
const std::string kSha1(40, 'b');

std::string small(const std::string& name) {
  return R"({"rfilename":")" + name + R"(","size":5,"blobId":")" + kSha1 + R"("})";
}
std::string large(const std::string& name, const std::string& sha256 = kSha256) {
  return R"({"rfilename":")" + name + R"(","size":9,"blobId":")" + kSha1 + R"(","lfs":{"sha256":")" + sha256 +
         R"(","size":9,"pointerSize":130}})";
}
Repository parse(const std::string& siblings) {
  return parse_repository(R"({"sha":")" + kCommit + R"(","siblings":[)" + siblings + "]}", "listing");
}
std::vector<std::string> needed(const std::string& siblings) {
  std::vector<std::string> names;
  for (const RemoteFile& file : needed_files(parse(siblings), {"a/b", "main", nullptr})) names.push_back(file.name);
  return names;
}
std::string refusal(const std::string& siblings) {
  try {
    needed(siblings);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUnsupported);
    return error.what();
  }
  return "none";
}

TEST(Repository, ReadsSizesAndTheRightChecksum) {
  Repository repository = parse(small("config.json") + "," + large("model.safetensors"));
  EXPECT_EQ(repository.commit, kCommit);
  ASSERT_EQ(repository.files.size(), 2U);
  EXPECT_EQ(repository.files[0].digest, (Digest{Digest::Algorithm::kGitSha1, kSha1}));
  EXPECT_EQ(repository.files[1].digest, (Digest{Digest::Algorithm::kSha256, kSha256}));
  EXPECT_EQ(repository.files[1].size, 9U);
}

TEST(Repository, NeedsOneLayoutsFilesWithTheWeightsLast) {
  EXPECT_EQ(needed(large("model.safetensors") + "," + small("README.md") + "," + small("vocab.json") + "," +
                   small("preprocessor_config.json") + "," + small("config.json") + "," + large("pytorch_model.bin")),
            (std::vector<std::string>{"config.json", "preprocessor_config.json", "vocab.json", "model.safetensors"}));
  EXPECT_EQ(needed(large("model.safetensors") + "," + small("config.json") + "," + small("open_clip_config.json") +
                   "," + large("open_clip_model.safetensors") + "," + small("merges.txt")),
            (std::vector<std::string>{"open_clip_config.json", "merges.txt", "open_clip_model.safetensors"}));
  // One file of open_clip's pair is not enough.
  EXPECT_EQ(needed(large("model.safetensors") + "," + small("config.json") + "," + small("open_clip_config.json")),
            (std::vector<std::string>{"config.json", "model.safetensors"}));
}

TEST(Repository, NamesTheReasonWhereThereIsNoModel) {
  EXPECT_NE(refusal(small("config.json") + "," + large("pytorch_model.bin")).find("pickle"), std::string::npos);
  EXPECT_NE(refusal(small("config.json") + "," + small("model.safetensors.index.json")).find("several files"),
            std::string::npos);
  EXPECT_NE(refusal(small("README.md")).find("no model"), std::string::npos);
}

TEST(Repository, NamesThatNoModelNeedsAreNeverFetched) {
  Repository repository = parse(small("../config.json") + "," + small("/config.json") + "," + small("x/vocab.json"));
  EXPECT_TRUE(repository.files.empty());
  EXPECT_EQ(repository.names.size(), 3U);
}

TEST(Repository, RefusesInvalidListings) {
  for (const std::string& siblings :
       {large("model.safetensors", "../../evil"), large("model.safetensors", kSha1), std::string("1"),
        std::string("{}"), std::string(R"({"rfilename":"config.json","size":5})"),
        R"({"rfilename":"config.json","size":-5,"blobId":")" + kSha1 + "\"}",
        R"({"rfilename":"config.json","size":1e3,"blobId":")" + kSha1 + "\"}",
        R"({"rfilename":"config.json","size":999999999999,"blobId":")" + kSha1 + "\"}"}) {
    EXPECT_THROW(parse(siblings), Error) << siblings;
  }
  EXPECT_THROW(parse_repository(R"({"sha":"main","siblings":[]})", "x"), Error);
  EXPECT_THROW(parse_repository("<html>", "x"), Error);
}

TEST(ClipConfig, RefusesOtherArchitectures) {
  EXPECT_NO_THROW(require_clip_config(R"({"model_type":"clip"})", "config.json"));
  EXPECT_NO_THROW(require_clip_config(R"({"model_type":"siglip"})", "config.json"));
  EXPECT_NO_THROW(require_clip_config(R"({"model_type":"chinese_clip"})", "config.json"));
  for (const char* config : {R"({"model_type":"llama"})", R"({"model_type":7})", "{}", "[]"}) {
    EXPECT_THROW(require_clip_config(config, "config.json"), Error) << config;
  }
}

}  // namespace
}  // namespace clipseek::hub
