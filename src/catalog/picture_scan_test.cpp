#include "catalog/picture_scan.h"

#include <gtest/gtest.h>

#include "store/test_folder.h"

namespace clipseek {
namespace {

namespace fs = std::filesystem;
using Paths = std::vector<std::string>;

class PictureScanTest : public testing::Test {
 protected:
  // The paths that a scan finds, relative to the folder, in its order.
  Paths scan(const std::vector<fs::path>& roots) {
    Paths found;
    failures_.clear();
    ScanCallbacks callbacks;
    callbacks.file = [&](const FoundFile& file) { found.push_back(relative(file.path)); };
    callbacks.failure = [&](const std::string& path, const Error&) { failures_.push_back(relative(path)); };
    callbacks.stop = [] { return false; };
    scan_pictures(resolve_roots(roots), callbacks);
    return found;
  }
  Paths scan() { return scan({folder_.path()}); }
  std::string relative(const std::string& path) {
    std::string prefix = folder_.path().string() + "/";
    return path.starts_with(prefix) ? path.substr(prefix.size()) : path;
  }

  TestFolder folder_;
  Paths failures_;
};

TEST_F(PictureScanTest, TakesPicturesByExtensionInAnyCase) {
  for (const char* name : {"a.jpg", "b.JPEG", "c.jpe", "d.jfif", "e.Png", "f.webp", "g.gif", "h.bmp", "i.dib", "j.tif",
                           "k.TIFF", "l.heic", "m.heif", "n.avif"}) {
    folder_.write(name, "x");
  }
  for (const char* name : {"a.txt", "b.jpg.part", "c.", "d.jpgx", "e.db", "f.svg"}) folder_.write(name, "x");
  EXPECT_EQ(scan().size(), 14U);
}

TEST_F(PictureScanTest, OffersFilesWithoutExtensionForTheirContent) {
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

TEST_F(PictureScanTest, SkipsAFolderOfLinksThatSearchMade) {
  folder_.write("a.jpg", "x");
  folder_.write("result/.clipseek-links", "");
  fs::create_symlink(folder_ / "a.jpg", folder_ / "result/0.jpg");
  EXPECT_EQ(scan(), Paths{"a.jpg"});
}

TEST_F(PictureScanTest, GoesInTheOrderOfNames) {
  for (const char* name : {"b/2.jpg", "a/1.jpg", "c.jpg", "b/a/3.jpg"}) folder_.write(name, "x");
  EXPECT_EQ(scan(), (Paths{"c.jpg", "a/1.jpg", "b/2.jpg", "b/a/3.jpg"}));
}

TEST_F(PictureScanTest, FollowsLinkedFoldersOnceAndPrefersTheRealPath) {
  folder_.write("real/a.jpg", "x");
  fs::create_directory_symlink("real", folder_ / "an alias");
  fs::create_directory_symlink(folder_.path(), folder_ / "real/loop");
  TestFolder outside;
  outside.write("b.jpg", "x");
  fs::create_directory_symlink(outside.path(), folder_ / "outside");
  EXPECT_EQ(scan(), (Paths{"real/a.jpg", "outside/b.jpg"}));
  EXPECT_TRUE(failures_.empty());
}

TEST_F(PictureScanTest, TakesOverlappingRootsOnce) {
  folder_.write("a/b.jpg", "x");
  EXPECT_EQ(scan({folder_ / "a", folder_.path(), folder_ / "a/", folder_ / "a/b.jpg"}), Paths{"a/b.jpg"});
}

TEST_F(PictureScanTest, ReportsLinksThatLeadNowhere) {
  fs::create_symlink("none", folder_ / "gone.jpg");
  fs::create_symlink("none", folder_ / "gone.txt");
  fs::create_symlink("itself", folder_ / "itself");
  EXPECT_TRUE(scan().empty());
  EXPECT_EQ(failures_, (Paths{"gone.jpg", "itself"}));
}

TEST_F(PictureScanTest, TakesANamedFileOfAnyName) {
  folder_.write(".odd.name", "x");
  EXPECT_EQ(scan({folder_ / ".odd.name"}), Paths{".odd.name"});
}

TEST_F(PictureScanTest, CopesWithAFolderNamedLikeAPicture) {
  folder_.write("holiday.jpg/a.jpg", "x");
  EXPECT_EQ(scan(), Paths{"holiday.jpg/a.jpg"});
}

TEST_F(PictureScanTest, CopesWithVeryDeepFolders) {
  fs::path deep = folder_.path();
  for (int i = 0; i < 300; ++i) deep /= "abcdefgh";  // 2,700 bytes of path, short of PATH_MAX
  fs::create_directories(deep);
  std::ofstream(deep / "a.jpg") << "x";
  EXPECT_EQ(scan().size(), 1U);
}

TEST_F(PictureScanTest, StopsWhenAsked) {
  for (int i = 0; i < 10; ++i) folder_.write(std::to_string(i) + ".jpg", "x");
  int found = 0;
  ScanCallbacks callbacks;
  callbacks.file = [&](const FoundFile&) { ++found; };
  callbacks.failure = [](const std::string&, const Error&) {};
  callbacks.stop = [&] { return found == 3; };
  scan_pictures(resolve_roots({folder_.path()}), callbacks);
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
}  // namespace clipseek
