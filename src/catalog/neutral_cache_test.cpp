#include "catalog/neutral_cache.h"

#include <gtest/gtest.h>

#include <fstream>

#include "catalog/testing/fake_encoder.h"
#include "store/testing/test_folder.h"

namespace clipseek::catalog {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSentences[] = {"a photo", "something"};
constexpr const char* kOthers[] = {"a photo", "another thing"};

class NeutralCacheTest : public testing::Test {
 protected:
  std::vector<Embedding> embeddings() const { return {encoder_.embed("a photo"), encoder_.embed("something")}; }
  fs::path only_file() const {
    fs::directory_iterator files(folder_);
    fs::path file = files->path();
    EXPECT_EQ(++files, fs::directory_iterator()) << "more than one file";
    return file;
  }

  store::TestFolder root_;
  fs::path folder_ = root_.path() / "cache" / "neutral";
  FakeEncoder encoder_;
  NeutralCache cache_{folder_};
};

TEST_F(NeutralCacheTest, ReturnsStoredEmbeddings) {
  EXPECT_FALSE(cache_.load(encoder_.info(), kSentences));
  cache_.store(encoder_.info(), kSentences, embeddings());
  EXPECT_EQ(cache_.load(encoder_.info(), kSentences), embeddings());
  only_file();
}

TEST_F(NeutralCacheTest, SeparatesModelsAndSentences) {
  cache_.store(encoder_.info(), kSentences, embeddings());
  EXPECT_FALSE(cache_.load(FakeEncoder("fake-2").info(), kSentences));
  EXPECT_FALSE(cache_.load(encoder_.info(), kOthers));
}

TEST_F(NeutralCacheTest, IgnoresADamagedFile) {
  cache_.store(encoder_.info(), kSentences, embeddings());
  const fs::path file = only_file();
  const auto size = fs::file_size(file);
  for (std::uintmax_t length : {std::uintmax_t{0}, std::uintmax_t{30}, size - 1, size + 1}) {
    fs::resize_file(file, length);
    EXPECT_FALSE(cache_.load(encoder_.info(), kSentences)) << length;
  }
  cache_.store(encoder_.info(), kSentences, embeddings());
  std::fstream(file, std::ios::in | std::ios::out | std::ios::binary).seekp(-2, std::ios::end).put('\x42');
  EXPECT_FALSE(cache_.load(encoder_.info(), kSentences)) << "one byte differs";
}

TEST_F(NeutralCacheTest, WorksWithoutAFolder) {
  NeutralCache none{fs::path()};
  none.store(encoder_.info(), kSentences, embeddings());
  EXPECT_FALSE(none.load(encoder_.info(), kSentences));
  std::ofstream(root_.path() / "file") << "not a folder";
  NeutralCache blocked(root_.path() / "file");
  blocked.store(encoder_.info(), kSentences, embeddings());
  EXPECT_FALSE(blocked.load(encoder_.info(), kSentences));
}

TEST_F(NeutralCacheTest, AFingerprintNeverLeadsOutOfTheFolder) {
  FakeEncoder hostile("../../outside");
  cache_.store(hostile.info(), kSentences, embeddings());
  EXPECT_FALSE(fs::exists(folder_));
  EXPECT_FALSE(cache_.load(hostile.info(), kSentences));
}

}  // namespace
}  // namespace clipseek::catalog
