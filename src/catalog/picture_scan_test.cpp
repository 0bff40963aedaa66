#include "catalog/picture_scan.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalog/result_links.h"
#include "store/testing/test_folder.h"

namespace clipseek::catalog {
namespace {

namespace fs = std::filesystem;
using Paths = std::vector<std::string>;

class PictureScanTest : public testing::Test {
 protected:
  // Returns the paths that a scan finds, relative to the folder, in the order of the scan.
  Paths scan(const std::vector<fs::path>& roots) {
    Paths found;
    failures_.clear();
    ScanCallbacks callbacks;
    callbacks.file = [&](const FoundFile& file) { found.push_back(relative(file.path)); };
    callbacks.failure = [&](const std::string& path, const Error&) { failures_.push_back(relative(path)); };
    callbacks.stop = [] { return false; };
    scan_pictures(resolve_roots(roots).good, callbacks);
    return found;
  }
  Paths scan() { return scan({folder_.path()}); }
  std::string relative(const std::string& path) {
    std::string prefix = folder_.path().string() + "/";
    return path.starts_with(prefix) ? path.substr(prefix.size()) : path;
  }

  store::TestFolder folder_;
  Paths failures_;
};

TEST_F(PictureScanTest, FindsPicturesByExtensionInAnyCase) {
  for (const char* name : {"a.jpg", "b.JPEG", "c.jpe", "d.jfif", "e.Png", "f.webp", "g.gif", "h.bmp", "i.dib", "j.tif",
                           "k.TIFF", "l.heic", "m.heif", "n.avif"}) {
    folder_.write(name, "x");
  }
  for (const char* name : {"a.txt", "b.jpg.part", "c.", "d.jpgx", "e.db", "f.svg"}) folder_.write(name, "x");
  EXPECT_EQ(scan().size(), 14U);
}

TEST_F(PictureScanTest, ReportsFilesWithoutExtension) {
  folder_.write("folder.d/photo", "\xff\xd8\xff\xe0 and so on");
  folder_.write("folder.d/notes", "text");
  EXPECT_EQ(scan(), (Paths{"folder.d/notes", "folder.d/photo"}));
  EXPECT_TRUE(begins_like_picture((folder_ / "folder.d/photo").string()));
  EXPECT_FALSE(begins_like_picture((folder_ / "folder.d/notes").string()));
  EXPECT_FALSE(begins_like_picture((folder_ / "folder.d/none").string()));
}

TEST_F(PictureScanTest, SkipsNamesThatBeginWithADot) {
  folder_.write(".a.jpg", "x");
  folder_.write(".thumbnails/b.jpg", "x");
  folder_.write("c.jpg", "x");
  EXPECT_EQ(scan(), Paths{"c.jpg"});
  EXPECT_EQ(scan({folder_ / ".thumbnails"}), Paths{".thumbnails/b.jpg"}) << "a root may have any name";
}

TEST_F(PictureScanTest, SkipsOnlyTheLinksInAResultFolder) {
  folder_.write("a.jpg", "x");
  folder_.write("result/.clipseek-links", "");
  fs::create_symlink(folder_ / "a.jpg", folder_ / "result/0.jpg");
  EXPECT_EQ(scan(), Paths{"a.jpg"});
  folder_.write("result/mine.jpg", "x");
  folder_.write("result/sub/mine.jpg", "x");
  fs::create_symlink(folder_ / "a.jpg", folder_ / "result/sub/link.jpg");
  EXPECT_EQ(scan(), (Paths{"a.jpg", "result/mine.jpg", "result/sub/link.jpg", "result/sub/mine.jpg"}));
}

TEST_F(PictureScanTest, SkipsThumbnailsInAResultFolderUntilTheyAreReplaced) {
  replace_result_links(folder_ / "result", {{"ros:/image/1", "a thumbnail"}, {"ros:/image/2", "another"}});
  folder_.write("result/mine.jpg", "x");
  EXPECT_EQ(scan(), Paths{"result/mine.jpg"});
  folder_.write("result/1.jpg", "the user's own picture");
  EXPECT_EQ(scan(), (Paths{"result/1.jpg", "result/mine.jpg"}));
}

TEST_F(PictureScanTest, ScansInTheOrderOfNames) {
  for (const char* name : {"b/2.jpg", "a/1.jpg", "c.jpg", "b/a/3.jpg"}) folder_.write(name, "x");
  EXPECT_EQ(scan(), (Paths{"c.jpg", "a/1.jpg", "b/2.jpg", "b/a/3.jpg"}));
}

TEST_F(PictureScanTest, FollowsLinkedFoldersOnceAndPrefersTheRealPath) {
  folder_.write("real/a.jpg", "x");
  fs::create_directory_symlink("real", folder_ / "an alias");
  fs::create_directory_symlink(folder_.path(), folder_ / "real/loop");
  store::TestFolder outside;
  outside.write("b.jpg", "x");
  fs::create_directory_symlink(outside.path(), folder_ / "outside");
  EXPECT_EQ(scan(), (Paths{"real/a.jpg", "outside/b.jpg"}));
  EXPECT_TRUE(failures_.empty());
}

TEST_F(PictureScanTest, ScansOverlappingRootsOnce) {
  folder_.write("a/b.jpg", "x");
  EXPECT_EQ(scan({folder_ / "a", folder_.path(), folder_ / "a/", folder_ / "a/b.jpg"}), Paths{"a/b.jpg"});
}

TEST_F(PictureScanTest, ReportsDanglingLinks) {
  fs::create_symlink("none", folder_ / "gone.jpg");
  fs::create_symlink("none", folder_ / "gone.txt");
  fs::create_symlink("itself", folder_ / "itself");
  EXPECT_TRUE(scan().empty());
  EXPECT_EQ(failures_, (Paths{"gone.jpg", "itself"}));
}

TEST_F(PictureScanTest, AcceptsANamedFileWithAnyExtension) {
  folder_.write(".odd.name", "x");
  EXPECT_EQ(scan({folder_ / ".odd.name"}), Paths{".odd.name"});
}

TEST_F(PictureScanTest, EntersAFolderNamedLikeAPicture) {
  folder_.write("holiday.jpg/a.jpg", "x");
  EXPECT_EQ(scan(), Paths{"holiday.jpg/a.jpg"});
}

TEST_F(PictureScanTest, ScansVeryDeepFolders) {
  fs::path deep = folder_.path();
  for (int i = 0; i < 300; ++i) deep /= "abcdefgh";  // 2,700 bytes of path, short of PATH_MAX
  fs::create_directories(deep);
  std::ofstream(deep / "a.jpg") << "x";
  EXPECT_EQ(scan().size(), 1U);
}

TEST_F(PictureScanTest, ReportsFoldersBeyondPathMax) {
  // Nested with mkdirat(), because the absolute path would be longer than PATH_MAX.
  fs::path top = folder_ / std::string(200, 'a');
  fs::create_directory(top);
  int folder = ::open(top.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const std::string name(200, 'b');
  for (int i = 0; i < 25; ++i) {
    ASSERT_EQ(::mkdirat(folder, name.c_str(), 0777), 0);
    int next = ::openat(folder, name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ::close(folder);
    folder = next;
  }
  ::close(folder);
  EXPECT_TRUE(scan().empty());
  ASSERT_EQ(failures_.size(), 1U);
  EXPECT_TRUE(failures_[0].ends_with(name));
}

TEST_F(PictureScanTest, ReportsEntriesOfAFolderWithoutExecutePermission) {
  folder_.write("closed/sub/a.jpg", "x");
  folder_.write("closed/a.jpg", "x");
  folder_.write("closed/notes.txt", "x");
  folder_.write("closed/photo", "x");
  fs::create_symlink("sub", folder_ / "closed/link");
  fs::permissions(folder_.path(), fs::perms(0755));
  fs::permissions(folder_ / "closed", fs::perms(0444));
  {
    store::WithoutPrivileges guard;
    EXPECT_TRUE(scan().empty());
  }
  fs::permissions(folder_ / "closed", fs::perms(0755));
  EXPECT_EQ(failures_, (Paths{"closed/a.jpg", "closed/link", "closed/photo", "closed/sub"}));
}

TEST_F(PictureScanTest, SeparatesReadableRootsFromOthers) {
  folder_.write("a.jpg", "x");
  IndexRoots roots = resolve_roots({folder_ / "none", folder_ / "a.jpg", folder_ / "also-none"});
  EXPECT_EQ(roots.good, Paths{(folder_ / "a.jpg").string()});
  ASSERT_EQ(roots.bad.size(), 2U);
  EXPECT_EQ(roots.bad[0].path, (folder_ / "none").string());
  EXPECT_EQ(roots.bad[0].error.code(), ErrorCode::kNotFound);
  try {
    resolve_roots({folder_ / "none", folder_ / "also-none"});
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotFound);
    EXPECT_NE(std::string(error.what()).find("/none: "), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("/also-none: "), std::string::npos) << error.what();
  }
}

TEST_F(PictureScanTest, StopsOnRequest) {
  for (int i = 0; i < 10; ++i) folder_.write(std::to_string(i) + ".jpg", "x");
  int found = 0;
  ScanCallbacks callbacks;
  callbacks.file = [&](const FoundFile&) { ++found; };
  callbacks.failure = [](const std::string&, const Error&) {};
  callbacks.stop = [&] { return found == 3; };
  scan_pictures(resolve_roots({folder_.path()}).good, callbacks);
  EXPECT_EQ(found, 3);
}

TEST(IsBelow, ComparesWholeNames) {
  EXPECT_TRUE(is_below("/a/b", "/a"));
  EXPECT_TRUE(is_below("/a", "/a"));
  EXPECT_TRUE(is_below("/a", "/"));
  EXPECT_FALSE(is_below("/ab", "/a"));
  EXPECT_FALSE(is_below("/", "/a"));
}

}  // namespace
}  // namespace clipseek::catalog
