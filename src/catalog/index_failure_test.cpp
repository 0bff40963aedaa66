// Index runs with bad pictures, unreadable folders and full disks: nothing that was stored is lost.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>

#include "catalog/testing/catalog_fixture.h"

namespace clipseek::catalog {
namespace {

namespace fs = std::filesystem;
using Paths = std::vector<std::string>;

class IndexFailureTest : public testing::Test, protected CatalogFixture {
 protected:
  // Gives an unprivileged user access to the folders and the database.
  void open_folders() {
    for (const fs::path& folder : {folder_.path(), pictures_}) fs::permissions(folder, fs::perms(0777));
    for (const auto& entry : fs::directory_iterator(folder_.path())) {
      if (entry.is_regular_file()) fs::permissions(entry.path(), fs::perms(0666));
    }
  }
};

TEST_F(IndexFailureTest, ABadPictureIsReportedAndTheOthersAreIndexed) {
  picture("a.jpg", "one");
  picture("bad.jpg", "corrupt");
  picture("bad.png", "unsupported");
  RecordedReport report = index();
  EXPECT_EQ(report.added, 1U);
  EXPECT_EQ(report.failed, 2U);
  EXPECT_EQ(report.total, 1U);
  EXPECT_EQ(report.failures, (Paths{path("bad.jpg"), path("bad.png")}));
  for (const IndexFailure& failure : report.failure_details) {
    EXPECT_NE(failure.message.find(failure.path), std::string::npos);
  }
  EXPECT_EQ(catalog_.stats().failures, 2U);
}

TEST_F(IndexFailureTest, ABadPictureIsRememberedUntilItChanges) {
  picture("bad.jpg", "corrupt");
  index();
  encoder_.take_paths();
  RecordedReport report = index();
  EXPECT_TRUE(encoder_.take_paths().empty());
  EXPECT_EQ(report.failed, 1U);
  ASSERT_EQ(report.failure_details.size(), 1U);
  EXPECT_EQ(report.failure_details[0].code, ErrorCode::kCorrupt);
  EXPECT_EQ(report.failure_details[0].message, path("bad.jpg") + ": bad on purpose");
  picture("bad.jpg", "good");
  report = index();
  EXPECT_EQ(report.added, 1U);
  EXPECT_EQ(report.failed, 0U);
  EXPECT_EQ(catalog_.stats().failures, 0U);
}

TEST_F(IndexFailureTest, ABadPictureIsTriedAgainWhenTheCallerNamesIt) {
  std::string bad = picture("bad.jpg", "unsupported");
  index();
  encoder_.take_paths();
  EXPECT_EQ(index({bad}).failed, 1U);
  EXPECT_EQ(encoder_.take_paths(), Paths{bad});
}

TEST_F(IndexFailureTest, AnUnreadablePictureIsTriedAgain) {
  picture("a.jpg", "secret");
  index();
  encoder_.take_paths();
  EXPECT_EQ(index().failed, 1U);
  EXPECT_EQ(encoder_.take_paths().size(), 1U);
  EXPECT_EQ(catalog_.stats().failures, 0U);
}

TEST_F(IndexFailureTest, AnInvalidVectorIsNotStored) {
  picture("a.jpg", "odd");
  RecordedReport report = index();
  EXPECT_EQ(report.failed, 1U);
  EXPECT_EQ(report.failure_details.at(0).code, ErrorCode::kInternal);
  EXPECT_EQ(report.total, 0U);
}

TEST_F(IndexFailureTest, APictureThatBecameBadIsNoLongerFound) {
  picture("a.jpg", "one");
  picture("b.jpg", "two");
  index();
  picture("a.jpg", "corrupt");
  RecordedReport report = index();
  EXPECT_EQ(report.failed, 1U);
  EXPECT_EQ(report.removed, 0U);
  EXPECT_EQ(stored(), Paths{path("b.jpg")});
}

TEST_F(IndexFailureTest, ADeletedBadPictureIsForgotten) {
  std::string bad = picture("bad.jpg", "corrupt");
  index();
  fs::remove(bad);
  RecordedReport report = index();
  EXPECT_EQ(report.removed, 0U);
  EXPECT_EQ(report.failed, 0U);
  EXPECT_EQ(catalog_.stats().failures, 0U);
}

TEST_F(IndexFailureTest, DoesNotBlockOnANamedPipe) {
  ASSERT_EQ(mkfifo(path("pipe.jpg").c_str(), 0600), 0);
  ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(index().failures, Paths{path("pipe.jpg")});
}

TEST_F(IndexFailureTest, AnUnreadableFolderIsReportedAndItsPicturesAreKept) {
  picture("a.jpg", "one");
  picture("hidden/b.jpg", "two");
  picture("hidden/deep/c.jpg", "three");
  index();
  open_folders();
  fs::permissions(path("hidden"), fs::perms(0000));
  {
    store::WithoutPrivileges guard;
    RecordedReport report = index();
    EXPECT_EQ(report.failures, Paths{path("hidden")});
    EXPECT_EQ(report.failure_details.at(0).code, ErrorCode::kUnreadable);
    EXPECT_EQ(report.removed, 0U);
    EXPECT_EQ(report.unchanged, 1U);
    EXPECT_EQ(report.total, 3U);
    EXPECT_THROW(index({pictures_ / "hidden"}), Error) << "an unreadable root is an error";
  }
  fs::permissions(path("hidden"), fs::perms(0755));
  EXPECT_EQ(index().unchanged, 3U);
}

TEST_F(IndexFailureTest, AMissingRootIsReportedAndItsPicturesAreKept) {
  picture("disk/a.jpg", "one");
  picture("b.jpg", "two");
  index();
  fs::rename(pictures_ / "disk", folder_ / "unplugged");
  picture("copy.jpg", "one");
  RecordedReport report = index({pictures_ / "disk", pictures_});
  EXPECT_EQ(report.failures, Paths{path("disk")});
  EXPECT_EQ(report.failure_details.at(0).code, ErrorCode::kNotFound);
  EXPECT_EQ(report.added, 1U) << "no picture counts as moved from the missing root";
  EXPECT_EQ(report.removed, 0U);
  EXPECT_EQ(stored(), (Paths{path("b.jpg"), path("copy.jpg"), path("disk/a.jpg")}));
  EXPECT_THROW(index({pictures_ / "disk"}), Error) << "a missing folder as the only root is an error";
  EXPECT_EQ(index().removed_paths, Paths{path("disk/a.jpg")});
}

TEST_F(IndexFailureTest, ARootThatVanishesDuringTheRunKeepsItsPictures) {
  picture("disk/a.jpg", "one");
  index();
  picture("disk/b.jpg", "two");
  encoder_.on_encode = [&](const ImageInput&) { fs::rename(pictures_ / "disk", folder_ / "unplugged"); };
  EXPECT_EQ(index({pictures_ / "disk"}).removed, 0U);
  EXPECT_EQ(stored(), (Paths{path("disk/a.jpg"), path("disk/b.jpg")}));
}

TEST_F(IndexFailureTest, AnUnreadableFileKeepsItsVector) {
  picture("a.jpg", "one");
  index();
  open_folders();
  picture("a.jpg", "two");
  fs::permissions(path("a.jpg"), fs::perms(0000));
  {
    store::WithoutPrivileges guard;
    RecordedReport report = index();
    EXPECT_EQ(report.failed, 1U);
    EXPECT_EQ(report.total, 1U);
  }
  fs::permissions(path("a.jpg"), fs::perms(0644));
  EXPECT_EQ(index().updated, 1U);
}

TEST_F(IndexFailureTest, NeverOpensItsOwnDatabaseAsAPicture) {
  fs::path database = pictures_ / "clip.jpg";
  Catalog catalog(database, encoder_, OpenMode::kCreate);
  EXPECT_EQ(index_into(catalog, {pictures_}).failed, 0U);
  EXPECT_EQ(index_into(catalog, {database}).failures, Paths{database.string()});
  EXPECT_TRUE(encoder_.take_paths().empty());
}

TEST_F(IndexFailureTest, AFullDiskEndsTheRunAndKeepsWhatWasStored) {
  for (int i = 0; i < 1500; ++i) picture(std::to_string(i) + ".jpg", std::to_string(i));
  FakeEncoder wide("wide", 512);
  Catalog catalog(database_, wide, OpenMode::kCreate);
  std::size_t reported = 0;
  IndexOptions options;
  options.paths = {pictures_};
  options.progress = [&](const IndexProgress& progress) { reported = progress.encoded; };
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  rlimit small{3 << 19, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  try {
    catalog.index(options);
    ADD_FAILURE() << "3 MB of vectors were stored in a file of at most 1.5 MB";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kStorage) << error.what();
  }
  EXPECT_EQ(catalog.stats().items, reported);
  EXPECT_EQ(catalog.search(wide.embed("7"), 10'000).size(), reported) << "search still works";
  setrlimit(RLIMIT_FSIZE, &before);
  RecordedReport report = index_into(catalog, {pictures_});
  EXPECT_EQ(report.unchanged, reported);
  EXPECT_EQ(report.total, 1500U);
}

}  // namespace
}  // namespace clipseek::catalog
