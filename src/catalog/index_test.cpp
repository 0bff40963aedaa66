// Index runs over files that are added, changed, moved and deleted.
#include <gtest/gtest.h>

#include <thread>

#include "catalog/testing/catalog_fixture.h"

namespace clipseek::catalog {
namespace {

namespace fs = std::filesystem;
using Paths = std::vector<std::string>;

class IndexTest : public testing::Test, protected CatalogFixture {};

TEST_F(IndexTest, AddsNewFiles) {
  picture("a.jpg", "one");
  picture("below/b.PNG", "two");
  RecordedReport report = index();
  EXPECT_EQ(report.added, 2U);
  EXPECT_EQ(report.updated + report.unchanged + report.moved + report.removed + report.failed, 0U);
  EXPECT_EQ(report.total, 2U);
  EXPECT_FALSE(report.stopped);
  EXPECT_GE(report.seconds, 0);
  EXPECT_EQ(stored(), (Paths{path("a.jpg"), path("below/b.PNG")}));
  SearchHit hit = nearest("two");
  EXPECT_EQ(hit.path, path("below/b.PNG"));
  EXPECT_NEAR(hit.score, 1, 1e-5);
  EXPECT_EQ(hit.width, 40);
  EXPECT_EQ(hit.height, 30);
  EXPECT_EQ(hit.size, 3);
  EXPECT_EQ(hit.modified_ms, 1000 * kLongAgo + 2000);
}

TEST_F(IndexTest, DoesNotReadUnchangedFilesAgain) {
  fs::path file = picture("a.jpg", "one");
  index();
  encoder_.take_paths();
  // The new content has the same size and time: only a run that opens the file would notice.
  folder_.write("pictures/a.jpg", "two");
  set_time(file, clock_);
  RecordedReport report = index();
  EXPECT_EQ(report.unchanged, 1U);
  EXPECT_EQ(report.added + report.updated, 0U);
  EXPECT_TRUE(encoder_.take_paths().empty());
  EXPECT_NEAR(nearest("one").score, 1, 1e-5);
}

TEST_F(IndexTest, EncodesAChangedFileAgain) {
  picture("a.jpg", "one");
  index();
  picture("a.jpg", "two");
  RecordedReport report = index();
  EXPECT_EQ(report.updated, 1U);
  EXPECT_EQ(report.total, 1U);
  EXPECT_NEAR(nearest("two").score, 1, 1e-5);
}

TEST_F(IndexTest, DoesNotEncodeATouchedFileAgain) {
  fs::path file = picture("a.jpg", "one");
  index();
  encoder_.take_paths();
  set_time(file, 1000);
  RecordedReport report = index();
  EXPECT_EQ(report.unchanged, 1U);
  EXPECT_TRUE(encoder_.take_paths().empty());
  EXPECT_EQ(nearest("one").modified_ms, 1000 * kLongAgo + 1000'000);
}

// A file that was written just before it was read can change again and keep its modification time.
TEST_F(IndexTest, DoesNotTrustARecentModificationTime) {
  fs::path file = picture("a.jpg", "one");
  auto now = fs::file_time_type::clock::now();
  fs::last_write_time(file, now);
  index();
  folder_.write("pictures/a.jpg", "two");
  fs::last_write_time(file, now);
  EXPECT_EQ(index().updated, 1U);
  EXPECT_NEAR(nearest("two").score, 1, 1e-5);
}

TEST_F(IndexTest, RecognisesAMovedFile) {
  picture("old/a.jpg", "one");
  index();
  std::int64_t id = nearest("one").id;
  encoder_.take_paths();
  fs::rename(path("old"), path("new"));
  RecordedReport report = index();
  EXPECT_EQ(report.moved, 1U);
  EXPECT_EQ(report.added + report.updated + report.removed, 0U);
  EXPECT_TRUE(encoder_.take_paths().empty());
  EXPECT_EQ(nearest("one").path, path("new/a.jpg"));
  EXPECT_EQ(nearest("one").id, id);
  EXPECT_EQ(index().unchanged, 1U);
}

TEST_F(IndexTest, CopiesTheVectorOfACopiedFile) {
  picture("a.jpg", "one");
  index();
  encoder_.take_paths();
  picture("b.jpg", "one");
  RecordedReport report = index();
  EXPECT_EQ(report.added, 1U);
  EXPECT_EQ(report.unchanged, 1U);
  EXPECT_TRUE(encoder_.take_paths().empty());
  EXPECT_EQ(stored(), (Paths{path("a.jpg"), path("b.jpg")}));
  auto hits = catalog_.search(encoder_.embed("one"), 2);
  EXPECT_EQ(hits.at(1).width, 40);
}

TEST_F(IndexTest, MovesOneOfTwoCopiesThatVanished) {
  picture("a.jpg", "one");
  picture("b.jpg", "one");
  index();
  fs::remove(path("a.jpg"));
  picture("c.jpg", "one");
  picture("d.jpg", "one");
  RecordedReport report = index();
  EXPECT_EQ(report.moved, 1U);
  EXPECT_EQ(report.added, 1U);
  EXPECT_EQ(report.removed, 0U);
  EXPECT_EQ(stored(), (Paths{path("b.jpg"), path("c.jpg"), path("d.jpg")}));
}

TEST_F(IndexTest, AFileReplacedByAnotherIsUpdatedAndTheOtherRemoved) {
  picture("a.jpg", "one");
  picture("b.jpg", "two");
  index();
  encoder_.take_paths();
  fs::rename(path("b.jpg"), path("a.jpg"));
  RecordedReport report = index();
  EXPECT_EQ(report.updated, 1U);
  EXPECT_EQ(report.removed, 1U);
  EXPECT_EQ(report.moved, 0U);
  EXPECT_TRUE(encoder_.take_paths().empty());
  EXPECT_EQ(nearest("two").path, path("a.jpg"));
}

// The old path may be on a disk that is not mounted at the moment.
TEST_F(IndexTest, AFileMissingOutsideTheRootsIsCopiedNotMoved) {
  fs::path elsewhere = folder_.write("elsewhere/a.jpg", "one");
  index({folder_ / "elsewhere"});
  fs::remove(elsewhere);
  picture("b.jpg", "one");
  RecordedReport report = index();
  EXPECT_EQ(report.added, 1U);
  EXPECT_EQ(report.moved, 0U);
  EXPECT_EQ(report.removed, 0U);
  EXPECT_EQ(stored(), (Paths{elsewhere.string(), path("b.jpg")}));
}

TEST_F(IndexTest, RemovesVanishedFilesAndReportsThem) {
  picture("a.jpg", "one");
  picture("below/b.jpg", "two");
  picture("below/c.jpg", "three");
  index();
  fs::remove_all(path("below"));
  RecordedReport report = index();
  EXPECT_EQ(report.removed, 2U);
  EXPECT_EQ(report.removed_paths, (Paths{path("below/b.jpg"), path("below/c.jpg")}));
  EXPECT_EQ(report.total, 1U);
  EXPECT_EQ(stored(), Paths{path("a.jpg")});
}

TEST_F(IndexTest, RemovesNothingOutsideTheGivenFolders) {
  picture("a/1.jpg", "one");
  picture("ab/2.jpg", "two");
  index();
  fs::remove_all(path("a"));
  fs::remove_all(path("ab"));
  fs::create_directory(path("a"));
  EXPECT_EQ(index({pictures_ / "a"}).removed, 1U);
  EXPECT_EQ(stored(), Paths{path("ab/2.jpg")});
}

TEST_F(IndexTest, RemovesMorePathsThanOnePageHolds) {
  constexpr int kMany = 1300;
  for (int i = 0; i < kMany; ++i) picture("many/" + std::to_string(i) + ".jpg", std::to_string(i));
  picture("a.jpg", "one");
  EXPECT_EQ(index().added, kMany + 1U);
  fs::remove_all(path("many"));
  EXPECT_EQ(index().removed, static_cast<std::size_t>(kMany));
  EXPECT_EQ(stored(), Paths{path("a.jpg")});
}

TEST_F(IndexTest, AMissingRootKeepsItsPictures) {
  picture("a.jpg", "one");
  index();
  fs::rename(pictures_, folder_ / "unmounted");
  try {
    index();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotFound);
    EXPECT_NE(std::string(error.what()).find(pictures_.string()), std::string::npos);
  }
  fs::create_directory(folder_ / "other");
  folder_.write("other/b.jpg", "two");
  EXPECT_EQ(index({folder_ / "other", pictures_}).failures, Paths{pictures_.string()});
  EXPECT_EQ(stored(), (Paths{(folder_ / "other/b.jpg").string(), path("a.jpg")}));
}

TEST_F(IndexTest, NeedsAPath) {
  EXPECT_THROW(index(std::vector<fs::path>{}), Error);
  EXPECT_THROW(index({""}), Error);
}

TEST_F(IndexTest, StoresAbsoluteNormalPathsWithoutResolvingLinks) {
  picture("a.jpg", "one");
  fs::create_directory_symlink(pictures_, folder_ / "link");
  index({folder_ / "link/./below/.."});
  EXPECT_EQ(stored(), Paths{(folder_ / "link/a.jpg").string()});
}

TEST_F(IndexTest, IndexesAFileAndItsFolderOnce) {
  picture("a.jpg", "one");
  RecordedReport report = index({pictures_ / "a.jpg", pictures_, pictures_ / "a.jpg"});
  EXPECT_EQ(report.added, 1U);
  EXPECT_EQ(report.unchanged + report.updated, 0U);
}

TEST_F(IndexTest, ReportsProgress) {
  for (int i = 0; i < 20; ++i) picture(std::to_string(i) + ".jpg", std::to_string(i));
  picture("bad.jpg", "corrupt");
  index();
  for (int i = 0; i < 5; ++i) picture("new" + std::to_string(i) + ".jpg", "new" + std::to_string(i));
  RecordedReport report = index();
  EXPECT_EQ(report.last_progress.found, 26U);
  EXPECT_FALSE(report.last_progress.scanning);
  EXPECT_EQ(report.last_progress.to_encode, 5U);
  EXPECT_EQ(report.last_progress.encoded, 5U);
  EXPECT_EQ(report.last_progress.failed, 1U);
}

TEST_F(IndexTest, ReportsOnlyCommittedPictures) {
  encoder_.delay = std::chrono::milliseconds(1);
  for (int i = 0; i < 600; ++i) picture(std::to_string(i) + ".jpg", std::to_string(i));
  FakeEncoder other;
  IndexOptions options;
  options.paths = {pictures_};
  options.progress = [&](const IndexProgress& progress) {
    Catalog reader(database_, other, OpenMode::kReadOnly);
    EXPECT_GE(reader.stats().items, progress.encoded);
  };
  EXPECT_EQ(index_with(catalog_, options).added, 600U);
}

TEST_F(IndexTest, StopsOnRequestAndKeepsStoredPictures) {
  for (int i = 0; i < 50; ++i) picture(std::to_string(i) + ".jpg", std::to_string(i));
  picture("gone.jpg", "gone");
  index({pictures_ / "gone.jpg"});
  fs::remove(path("gone.jpg"));
  std::atomic<int> encoded = 0;
  std::stop_source stop;
  encoder_.on_encode = [&](const ImageInput&) {
    if (++encoded == 10) stop.request_stop();
  };
  IndexOptions options;
  options.paths = {pictures_};
  options.stop = stop.get_token();
  RecordedReport report = index_with(catalog_, options);
  EXPECT_TRUE(report.stopped);
  EXPECT_GE(report.added, 10U);
  EXPECT_LT(report.added, 50U);
  EXPECT_EQ(report.added, static_cast<std::size_t>(encoded)) << "every encoded picture is stored";
  EXPECT_EQ(report.removed, 0U) << "a stopped run removes nothing";
  std::size_t done = report.added;
  report = index();
  EXPECT_EQ(report.added, 50 - done);
  EXPECT_EQ(report.unchanged, done);
  EXPECT_EQ(report.removed, 1U);
}

TEST_F(IndexTest, AnEncoderExceptionKeepsStoredPictures) {
  encoder_.threads = 1;
  picture("1.jpg", "one");
  picture("2.jpg", "two");
  picture("3.jpg", "throw");
  picture("4.jpg", "four");
  EXPECT_THROW(index(), std::runtime_error);
  EXPECT_EQ(stored(), (Paths{path("1.jpg"), path("2.jpg")}));
  picture("3.jpg", "three");
  EXPECT_EQ(index().added, 2U);
}

TEST_F(IndexTest, AnExceptionInACallbackEndsTheRun) {
  for (int i = 0; i < 20; ++i) picture(std::to_string(i) + ".jpg", std::to_string(i));
  IndexOptions options;
  options.paths = {pictures_};
  options.progress = [](const IndexProgress&) { throw std::runtime_error("the callback failed"); };
  EXPECT_THROW(index_with(catalog_, options), std::runtime_error);
  EXPECT_EQ(index().total, 20U);
}

TEST_F(IndexTest, RefusesASecondRunAtTheSameTime) {
  picture("a.jpg", "one");
  ErrorCode code{};
  encoder_.on_encode = [&](const ImageInput&) {
    try {
      index();
    } catch (const Error& error) {
      code = error.code();
    }
  };
  index();
  EXPECT_EQ(code, ErrorCode::kUnavailable);
}

TEST_F(IndexTest, TwoProcessesOrCatalogsMayIndexTheSameFolder) {
  for (int i = 0; i < 300; ++i) picture(std::to_string(i) + ".jpg", std::to_string(i));
  FakeEncoder other;
  Catalog second(database_, other, OpenMode::kCreate);
  std::jthread thread([&] { index_into(second, {pictures_}); });
  index();
  thread.join();
  EXPECT_EQ(stored().size(), 300U);
  EXPECT_EQ(index().unchanged, 300U);
}

TEST_F(IndexTest, NeedsADatabaseOpenedForWriting) {
  catalog_.stats();  // creates the database
  Catalog reader(database_, encoder_, OpenMode::kReadOnly);
  EXPECT_THROW(index_into(reader, {pictures_}), Error);
}

TEST_F(IndexTest, KeepsPathsThatAreNotUtf8) {
  std::string odd = picture("caf\xe9 \xff'\n.jpg", "one");
  EXPECT_EQ(index().added, 1U);
  EXPECT_EQ(stored(), Paths{odd});
  EXPECT_EQ(index().unchanged, 1U);
  fs::remove(odd);
  EXPECT_EQ(index().removed_paths, Paths{odd});
}

// hobot_clip stored three pictures below /userdata/config in this database; their model is unknown.
TEST_F(IndexTest, CountsHobotClipRowsAsOtherItems) {
  fs::path copy = folder_ / "hobot.db";
  fs::copy_file(fs::path(CLIPSEEK_SOURCE_DIR) / "tests/data/hobot_clip.db", copy);
  Catalog catalog(copy, encoder_, OpenMode::kCreate);
  EXPECT_EQ(catalog.stats().items, 0U);
  EXPECT_EQ(catalog.stats().other_items, 3U);
  EXPECT_THROW(catalog.search(encoder_.embed("one"), 3), Error);
  picture("a.jpg", "one");
  EXPECT_EQ(index_into(catalog, {pictures_}).added, 1U);
  EXPECT_EQ(catalog.search(encoder_.embed("one"), 3).size(), 1U);
  EXPECT_EQ(catalog.stats().other_items, 3U);
}

}  // namespace
}  // namespace clipseek::catalog
