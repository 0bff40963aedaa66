#include "web/roots.h"

#include <gtest/gtest.h>

#include "http/message.h"
#include "store/testing/test_folder.h"

namespace clipseek::web {
namespace {

class RootsTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"pictures/2024", "pictures/.hidden", "pictures2", "elsewhere"}) {
      std::filesystem::create_directories(folder_ / name);
    }
    folder_.write("pictures/a.jpg", "x");
    std::filesystem::create_directory_symlink(folder_ / "elsewhere", folder_ / "pictures/out");
    std::filesystem::create_directory_symlink(folder_ / "pictures/2024", folder_ / "pictures/in");
  }
  std::string path(const std::string& name) { return (folder_ / name).string(); }
  int status_of(const Roots& roots, const std::string& path) {
    try {
      roots.allowed(path);
      return 200;
    } catch (const http::StatusError& error) {
      return error.status();
    }
  }

  store::TestFolder folder_;
};

TEST_F(RootsTest, AllowsPathsBelowARoot) {
  Roots roots({folder_ / "pictures"});
  EXPECT_EQ(roots.all(), std::vector<std::string>{path("pictures")});
  EXPECT_EQ(roots.allowed(path("pictures")), path("pictures"));
  EXPECT_EQ(roots.allowed(path("pictures/2024/")), path("pictures/2024"));
  EXPECT_EQ(roots.allowed(path("pictures/2024/../in")), path("pictures/in"));
}

TEST_F(RootsTest, RejectsPathsOutsideTheRoots) {
  Roots roots({folder_ / "pictures"});
  for (const std::string& outside :
       {path("elsewhere"), path("pictures2"), path("pictures/../elsewhere"), path("pictures/out"), path(""),
        path("missing"), std::string("/"), std::string("/etc"), std::string("pictures"), std::string(),
        std::string("../pictures")}) {
    EXPECT_EQ(status_of(roots, outside), 403) << outside;
  }
  EXPECT_EQ(status_of(roots, path("pictures/missing")), 404);
  EXPECT_EQ(status_of(Roots({}), path("pictures")), 403);
}

TEST_F(RootsTest, ListsFoldersBelowARoot) {
  Roots roots({folder_ / "pictures"});
  Roots::Listing listing = roots.folders_in(path("pictures"));
  EXPECT_EQ(listing.folders, (std::vector<std::string>{path("pictures/2024"), path("pictures/in")}));
  EXPECT_FALSE(listing.more);
  EXPECT_THROW(roots.folders_in(path("pictures/a.jpg")), http::StatusError);
  EXPECT_THROW(roots.folders_in("/etc"), http::StatusError);
}

TEST_F(RootsTest, RejectsARootThatIsNotAFolder) {
  EXPECT_THROW(Roots({folder_ / "missing"}), Error);
  EXPECT_THROW(Roots({folder_ / "pictures/a.jpg"}), Error);
}

}  // namespace
}  // namespace clipseek::web
