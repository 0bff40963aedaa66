#include "catalog/library.h"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "catalog/testing/catalog_fixture.h"

namespace clipseek::catalog {
namespace {

class LibraryTest : public testing::Test, protected CatalogFixture {
 protected:
  void SetUp() override {
    for (const char* name : {"a", "b", "c"}) picture(std::string(name) + ".jpg", std::string("content ") + name);
    index();
  }
  std::string best(Library& library, const std::string& content) {
    Library::Page page = library.search(encoder_.embed(content), 0, 1);
    return page.items.empty() ? "" : page.items[0].path;
  }
};

TEST_F(LibraryTest, ReturnsTheSameHitsAsTheCatalog) {
  Library library(database_, encoder_.info());
  Embedding query = encoder_.embed("content b");
  std::vector<SearchHit> expected = catalog_.search(query, 3);
  Library::Page page = library.search(query, 0, 10);
  EXPECT_EQ(page.total, 3U);
  ASSERT_EQ(page.items.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(page.items[i].path, expected[i].path);
    EXPECT_EQ(page.items[i].id, expected[i].id);
    EXPECT_EQ(page.items[i].score, expected[i].score);
    EXPECT_EQ(page.items[i].size, expected[i].size);
    EXPECT_EQ(page.items[i].modified_ms, expected[i].modified_ms);
  }
}

TEST_F(LibraryTest, ReturnsPages) {
  Library library(database_, encoder_.info());
  Embedding query = encoder_.embed("content b");
  Library::Page all = library.search(query, 0, 3);
  Library::Page second = library.search(query, 1, 1);
  ASSERT_EQ(second.items.size(), 1U);
  EXPECT_EQ(second.items[0].path, all.items[1].path);
  EXPECT_EQ(second.version, all.version);
  EXPECT_TRUE(library.search(query, 3, 5).items.empty());
  Library::Page newest = library.newest(1, 5);
  ASSERT_EQ(newest.items.size(), 2U);
  EXPECT_GT(newest.items[0].id, newest.items[1].id);
}

TEST_F(LibraryTest, FindsItems) {
  Library library(database_, encoder_.info());
  SearchHit hit = nearest("content c");
  ASSERT_TRUE(library.find(hit.id));
  EXPECT_EQ(library.find(hit.id)->path, path("c.jpg"));
  EXPECT_EQ(library.embedding(hit.id), encoder_.embed("content c"));
  for (std::int64_t id : {std::int64_t{0}, std::int64_t{-1}, hit.id + 1000, std::numeric_limits<std::int64_t>::max()}) {
    EXPECT_FALSE(library.find(id));
    EXPECT_FALSE(library.embedding(id));
  }
  auto found = library.find_paths({path("a.jpg"), path("missing.jpg")});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.begin()->first, path("a.jpg"));
}

TEST_F(LibraryTest, FollowsChangesOfTheDatabase) {
  Library library(database_, encoder_.info());
  std::string before = library.state().version;
  picture("d.jpg", "content d");
  std::filesystem::remove(path("a.jpg"));
  index();
  library.refresh();
  EXPECT_EQ(best(library, "content d"), path("d.jpg"));
  EXPECT_NE(best(library, "content a"), path("a.jpg"));
  EXPECT_EQ(library.state().items, 3U);
  EXPECT_NE(library.state().version, before);
}

TEST_F(LibraryTest, FollowsChangesInTheBackground) {
  Library library(database_, encoder_.info());
  picture("d.jpg", "content d");
  index();
  for (int i = 0; i < 3000 && library.state().items != 4; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(best(library, "content d"), path("d.jpg"));
}

TEST_F(LibraryTest, KeepsItsVersionWhileNothingChanges) {
  Library library(database_, encoder_.info());
  std::string before = library.state().version;
  index();
  library.refresh();
  EXPECT_EQ(library.state().version, before);
}

TEST_F(LibraryTest, SearchesTheLastStateWhenTheDatabaseBreaks) {
  Library library(database_, encoder_.info());
  std::filesystem::remove(database_.string() + "-wal");
  std::filesystem::remove(database_.string() + "-shm");
  std::filesystem::remove(database_);
  std::ofstream(database_) << "not a database, but a text that is longer than a database's first page. "
                           << std::string(4096, 'x');
  library.refresh();
  EXPECT_FALSE(library.state().last_error.empty());
  EXPECT_EQ(best(library, "content b"), path("b.jpg"));
}

TEST_F(LibraryTest, ReportsThatAllItemsAreOfOtherModels) {
  FakeEncoder other("other");
  Library library(database_, other.info());
  try {
    library.search(other.embed("content a"), 0, 1);
    FAIL() << "an empty answer would be misleading";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kModelMismatch);
  }
}

TEST_F(LibraryTest, AnswersConcurrentSearches) {
  Library library(database_, encoder_.info());
  std::atomic<int> right = 0;
  std::atomic<bool> stop = false;
  std::jthread writer([&] {
    for (int i = 0; i < 20 && !stop; ++i) {
      picture("new" + std::to_string(i) + ".jpg", "new " + std::to_string(i));
      index();
      library.refresh();
    }
  });
  {
    std::vector<std::jthread> readers;
    for (const char* name : {"a", "b", "c"}) {
      readers.emplace_back([&, name = std::string(name)] {
        for (int i = 0; i < 200; ++i) right += best(library, "content " + name) == path(name + ".jpg") ? 1 : 0;
      });
    }
  }
  stop = true;
  writer.join();
  EXPECT_EQ(right, 600);
}

TEST_F(LibraryTest, CachesACalibrationUntilTheLibraryChanges) {
  Library library(database_, encoder_.info());
  Calibrator calibrator(encoder_);
  auto terms = parse_query("a dog");
  auto first = library.calibrate(calibrator, terms);
  ASSERT_TRUE(first);
  EXPECT_EQ(library.calibrate(calibrator, parse_query("a cat"))->center, first->center);
  for (int i = 0; i < 30; ++i) picture("new" + std::to_string(i) + ".jpg", "new " + std::to_string(i));
  index();
  library.refresh();
  EXPECT_NE(library.calibrate(calibrator, terms)->center, first->center);
}

}  // namespace
}  // namespace clipseek::catalog
