#include "hub/hub_cache.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "clipseek/error.h"
#include "hub/partial_file.h"

namespace clipseek::hub {
namespace {

namespace fs = std::filesystem;

const std::string kCommit(40, 'c');
const std::string kRepository = "owner/name";

class HubCacheTest : public testing::Test {
 protected:
  HubCacheTest()
      : folder_(fs::path(testing::TempDir()) / ("clipseek_hub_cache_" + std::to_string(::getpid()))), cache_(folder_) {}
  ~HubCacheTest() override { fs::remove_all(folder_); }

  void add(const std::string& file, char digit, const std::string& commit = kCommit) {
    Digest digest{Digest::Algorithm::kSha256, std::string(64, digit)};
    cache_.make_folders(kRepository, commit);
    std::ofstream(cache_.blob_path(kRepository, digest)) << "{\"model_type\":\"clip\"}";
    cache_.link(kRepository, commit, file, digest);
  }
  void add_model(const std::string& commit = kCommit) {
    add("config.json", 'a', commit);
    add("model.safetensors", 'b', commit);
  }
  ModelReference at(const std::string& revision) const { return {kRepository, revision, nullptr}; }

  fs::path folder_;
  HubCache cache_;
};

TEST_F(HubCacheTest, UsesTheLayoutOfTheHubsOwnClient) {
  add_model();
  fs::path snapshot = folder_ / "models--owner--name/snapshots" / kCommit;
  EXPECT_EQ(cache_.snapshot_folder(kRepository, kCommit), snapshot);
  EXPECT_EQ(fs::read_symlink(snapshot / "config.json"), "../../blobs/" + std::string(64, 'a'));
  EXPECT_TRUE(fs::is_regular_file(snapshot / "config.json"));
}

TEST_F(HubCacheTest, FindsByCommitAndByReference) {
  EXPECT_FALSE(cache_.find(at(kCommit)));
  add_model();
  EXPECT_EQ(cache_.find(at(kCommit)), cache_.snapshot_folder(kRepository, kCommit));
  EXPECT_FALSE(cache_.find(at("main")));
  cache_.set_reference(kRepository, "main", kCommit);
  cache_.set_reference(kRepository, "refs/pr/1", kCommit);
  EXPECT_TRUE(cache_.find(at("main")));
  EXPECT_TRUE(cache_.find(at("refs/pr/1")));
  EXPECT_FALSE(cache_.find(at("v2")));
}

TEST_F(HubCacheTest, AReferenceMoves) {
  std::string next(40, 'd');
  add_model();
  add_model(next);
  cache_.set_reference(kRepository, "main", kCommit);
  cache_.set_reference(kRepository, "main", next);
  EXPECT_EQ(cache_.find(at("main")), cache_.snapshot_folder(kRepository, next));
}

TEST_F(HubCacheTest, AnIncompleteModelIsNotFound) {
  add("model.safetensors", 'b');
  EXPECT_FALSE(cache_.find(at(kCommit)));
  add("config.json", 'a');
  EXPECT_TRUE(cache_.find(at(kCommit)));
  fs::remove(cache_.blob_path(kRepository, {Digest::Algorithm::kSha256, std::string(64, 'b')}));
  EXPECT_FALSE(cache_.find(at(kCommit)));
}

TEST_F(HubCacheTest, IgnoresAReferenceThatIsNotACommit) {
  add_model();
  fs::create_directories(folder_ / "models--owner--name/refs");
  std::ofstream(folder_ / "models--owner--name/refs/main") << "../snapshots/" << kCommit;
  EXPECT_FALSE(cache_.find(at("main")));
}

TEST_F(HubCacheTest, ALinkIsReplacedAsAWhole) {
  add("config.json", 'a');
  add("config.json", 'd');
  fs::path link = cache_.snapshot_folder(kRepository, kCommit) / "config.json";
  EXPECT_EQ(fs::read_symlink(link).filename(), std::string(64, 'd'));
  EXPECT_EQ(std::distance(fs::directory_iterator(link.parent_path()), fs::directory_iterator()), 1);
}

TEST_F(HubCacheTest, ListsEveryClipModel) {
  EXPECT_TRUE(cache_.models().empty());
  add_model();
  auto models = cache_.models();
  ASSERT_EQ(models.size(), 1U);
  EXPECT_EQ(models[0].repository, kRepository);
  EXPECT_EQ(models[0].commit, kCommit);
}

TEST_F(HubCacheTest, WaitsForALock) {
  Digest digest{Digest::Algorithm::kSha256, std::string(64, 'a')};
  cache_.make_folders(kRepository, kCommit);
  base::UniqueFd held = cache_.lock(kRepository, digest, [] { return false; });
  EXPECT_THROW(cache_.lock(kRepository, digest, [] { return false; }), Error);
  int waits = 0;
  base::UniqueFd then = cache_.lock(kRepository, digest, [&] {
    if (++waits == 2) held = base::UniqueFd();
    return true;
  });
  EXPECT_GE(then.get(), 0);
  EXPECT_EQ(waits, 2);
}

TEST_F(HubCacheTest, APartialFileGrowsAndIsTruncated) {
  fs::create_directories(folder_);
  fs::path path = folder_ / "part";
  std::string text = "hello";
  {
    PartialFile file(path);
    file.append(std::as_bytes(std::span(text)));
    file.append(std::as_bytes(std::span(text)));
    file.truncate(7);
    file.truncate(9);
    EXPECT_EQ(file.size(), 7U);
  }
  PartialFile again(path);
  EXPECT_EQ(again.size(), 7U);
  EXPECT_THROW(PartialFile(folder_ / "none" / "part"), Error);
  fs::create_symlink("/dev/null", folder_ / "link");
  EXPECT_THROW(PartialFile(folder_ / "link"), Error);
}

}  // namespace
}  // namespace clipseek::hub
