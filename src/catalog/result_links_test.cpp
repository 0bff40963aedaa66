#include "catalog/result_links.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <map>
#include <thread>

#include "clipseek/error.h"

namespace clipseek::catalog {
namespace {

namespace fs = std::filesystem;

class ResultLinksTest : public testing::Test {
 protected:
  ResultLinksTest() {
    std::string name = testing::TempDir() + "clipseek_links_XXXXXX";
    folder_ = ::mkdtemp(name.data());
    links_ = folder_ / "result";
  }
  ~ResultLinksTest() override { fs::remove_all(folder_); }

  // Maps each name to the link's target ("" for a file that is not a link), without the manifest.
  std::map<std::string, std::string> listing() const {
    std::map<std::string, std::string> names;
    for (const auto& entry : fs::directory_iterator(links_)) {
      std::string name = entry.path().filename();
      if (name != ".clipseek-links") names[name] = entry.is_symlink() ? fs::read_symlink(entry).string() : "";
    }
    return names;
  }
  static std::vector<ResultPicture> pictures(const std::vector<fs::path>& targets) {
    std::vector<ResultPicture> made;
    for (const fs::path& target : targets) made.push_back({target});
    return made;
  }
  void replace(const std::vector<fs::path>& targets) { replace_result_links(links_, pictures(targets)); }
  std::string error_of(const std::vector<fs::path>& targets) { return error_of_pictures(pictures(targets)); }
  std::string error_of_pictures(const std::vector<ResultPicture>& wanted) {
    try {
      replace_result_links(links_, wanted);
    } catch (const Error& error) {
      EXPECT_EQ(error_info(error.code()).exit_status, 1);
      return error.what();
    }
    return "";
  }
  std::string content(const std::string& name) const {
    std::ifstream file(links_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(links_ / name, std::ios::binary) << text;
  }

  fs::path folder_;
  fs::path links_;
};

using Listing = std::map<std::string, std::string>;

TEST_F(ResultLinksTest, MakesNumberedLinksBestFirst) {
  replace({"/p/best.png", "/p/a b\n'c'.jpg", "/p/\xff.webp"});
  EXPECT_EQ(listing(), (Listing{{"0.jpg", "/p/best.png"}, {"1.jpg", "/p/a b\n'c'.jpg"}, {"2.jpg", "/p/\xff.webp"}}));
}

TEST_F(ResultLinksTest, ReplacesItsOwnLinksAndNothingElse) {
  replace({"/p/a", "/p/b", "/p/c"});
  write("index.html", "page");
  replace({"/p/c"});
  EXPECT_EQ(listing(), (Listing{{"0.jpg", "/p/c"}, {"index.html", ""}}));
  replace({});
  EXPECT_EQ(listing(), (Listing{{"index.html", ""}}));
}

TEST_F(ResultLinksTest, DoesNotReplaceAForeignFileAndNamesIt) {
  fs::create_directory(links_);
  write("1.jpg", "the user's own picture");
  EXPECT_NE(error_of({"/p/a", "/p/b"}).find("result/1.jpg is in the way"), std::string::npos);
  EXPECT_EQ(listing(), (Listing{{"1.jpg", ""}}));
  EXPECT_EQ(error_of({"/p/a"}), "");  // a single link does not need this name
}

TEST_F(ResultLinksTest, DoesNotReplaceALinkWhoseTargetWasChanged) {
  replace({"/p/a", "/p/b"});
  fs::remove(links_ / "1.jpg");
  fs::create_symlink("/elsewhere", links_ / "1.jpg");
  EXPECT_NE(error_of({"/p/c"}).find("result/1.jpg is in the way"), std::string::npos);
  EXPECT_EQ(listing(), (Listing{{"0.jpg", "/p/a"}, {"1.jpg", "/elsewhere"}}));
}

TEST_F(ResultLinksTest, DoesNotReplaceAForeignLinkToTheSamePicture) {
  fs::create_directory(links_);
  fs::create_symlink("/p/a", links_ / "0.jpg");
  EXPECT_NE(error_of({"/p/a"}), "");
}

TEST_F(ResultLinksTest, AcceptsARemovedLink) {
  replace({"/p/a", "/p/b"});
  fs::remove(links_ / "0.jpg");
  EXPECT_EQ(error_of({"/p/c"}), "");
  EXPECT_EQ(listing(), (Listing{{"0.jpg", "/p/c"}}));
}

// The state left by a call that was killed while it replaced links: a manifest of both sets, some links of each set,
// and some new links under their temporary names.
TEST_F(ResultLinksTest, CompletesTheWorkOfAKilledCall) {
  using namespace std::string_literals;
  fs::create_directory(links_);
  write(".clipseek-links",
        "clipseek links 1\n0.jpg\0/p/a\0"
        "0.jpg\0/p/c\0"
        "1.jpg\0/p/b\0"
        "1.jpg\0/p/d\0"s);
  fs::create_symlink("/p/c", links_ / "0.jpg");
  fs::create_symlink("/p/b", links_ / "1.jpg");
  fs::create_symlink("/p/d", links_ / ".clipseek-new-1.jpg");
  write(".clipseek-links.new", "half a mani");
  replace({"/p/e"});
  EXPECT_EQ(listing(), (Listing{{"0.jpg", "/p/e"}}));
}

TEST_F(ResultLinksTest, AThumbnailIsAFileThatTheNextCallReplaces) {
  replace_result_links(links_, {{"/p/a"}, {"ros:/image/1", "jpeg 1"}, {"ros:/image/2", "jpeg 2"}});
  EXPECT_EQ(listing(), (Listing{{"0.jpg", "/p/a"}, {"1.jpg", ""}, {"2.jpg", ""}}));
  EXPECT_EQ(content("1.jpg"), "jpeg 1");
  EXPECT_EQ(result_thumbnails(links_), (std::map<std::size_t, std::string>{{1, "ros:/image/1"}, {2, "ros:/image/2"}}));
  replace_result_links(links_, {{"ros:/image/2", "jpeg 2"}, {"/p/b"}});
  EXPECT_EQ(listing(), (Listing{{"0.jpg", ""}, {"1.jpg", "/p/b"}}));
  EXPECT_EQ(content("0.jpg"), "jpeg 2");
  replace({"/p/c"});
  EXPECT_EQ(listing(), (Listing{{"0.jpg", "/p/c"}}));
  EXPECT_TRUE(result_thumbnails(links_).empty());
}

TEST_F(ResultLinksTest, AThumbnailThatWasChangedIsNotReplaced) {
  replace_result_links(links_, {{"/p/a"}, {"ros:/image/1", "jpeg 1"}});
  write("1.jpg", "the user's own picture");
  EXPECT_TRUE(result_thumbnails(links_).empty());
  EXPECT_NE(error_of({"/p/b"}).find("result/1.jpg is in the way"), std::string::npos);
  EXPECT_EQ(content("1.jpg"), "the user's own picture");
  EXPECT_EQ(fs::read_symlink(links_ / "0.jpg"), "/p/a") << "nothing is changed";
  fs::resize_file(links_ / "1.jpg", std::uintmax_t{1} << 32);  // a sparse file, which must not be read
  EXPECT_NE(error_of({"/p/b"}).find("result/1.jpg is in the way"), std::string::npos);
}

TEST_F(ResultLinksTest, CompletesTheWorkOfAKilledCallWithThumbnails) {
  replace_result_links(links_, {{"ros:/image/1", "jpeg 1"}, {"ros:/image/2", "jpeg 2"}});
  fs::rename(links_ / "1.jpg", links_ / ".clipseek-new-1.jpg");  // killed before the second was renamed,
  write(".clipseek-new-thumbnail", "half a jp");                 // or while a third was written
  EXPECT_EQ(error_of({"/p/a"}), "");
  EXPECT_EQ(listing(), (Listing{{"0.jpg", "/p/a"}}));
  EXPECT_EQ(error_of_pictures({{"ros:/image/3", "jpeg 3"}}), "");
  EXPECT_EQ(listing(), (Listing{{"0.jpg", ""}}));
}

// A clipseek that knows no thumbnails can still replace a folder that has only links.
TEST_F(ResultLinksTest, WritesTheFirstVersionOfTheManifestForLinks) {
  using namespace std::string_literals;
  replace({"/p/a"});
  EXPECT_EQ(content(".clipseek-links"), "clipseek links 1\n0.jpg\0/p/a\0"s);
  replace_result_links(links_, {{"ros:/i/1", "x"}});
  EXPECT_TRUE(content(".clipseek-links").starts_with("clipseek links 2\n0.jpg\0ros:/i/1\0"s));
}

TEST_F(ResultLinksTest, RejectsAForeignManifest) {
  using namespace std::string_literals;
  fs::create_directory(links_);
  fs::create_symlink("/p/a", folder_ / "outside.jpg");
  for (const std::string& text : {""s, "something"s, "clipseek links 1\n0.jpg\0/p/a"s, "clipseek links 1\n0.jpg"s,
                                  "clipseek links 1\n../outside.jpg\0/p/a\0"s, "clipseek links 1\n007.jpg\0/p/a\0"s}) {
    write(".clipseek-links", text);
    EXPECT_NE(error_of({"/p/b"}).find(".clipseek-links: "), std::string::npos) << text;
  }
  EXPECT_TRUE(fs::is_symlink(folder_ / "outside.jpg"));
}

TEST_F(ResultLinksTest, ReportsAFolderThatCannotBeCreated) {
  std::ofstream(folder_ / "file") << "x";
  links_ = folder_ / "file" / "result";
  EXPECT_NE(error_of({"/p/a"}).find("cannot create the links"), std::string::npos);
}

TEST_F(ResultLinksTest, CallsForOneFolderRunOneAfterTheOther) {
  std::vector<fs::path> set_a(20, "/p/a");
  std::vector<fs::path> set_b(10, "/p/b");
  auto many = [&](const std::vector<fs::path>& targets) {
    for (int i = 0; i < 20; ++i) replace(targets);
  };
  std::jthread other([&] { many(set_b); });
  many(set_a);
  other.join();
  Listing names = listing();
  ASSERT_TRUE(names.size() == 10 || names.size() == 20) << names.size();
  for (const auto& [name, target] : names) EXPECT_EQ(target, names.size() == 20 ? "/p/a" : "/p/b") << name;
}

}  // namespace
}  // namespace clipseek::catalog
