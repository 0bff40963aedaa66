#include "cli/result_table.h"

#include <gtest/gtest.h>

#include <sstream>

#include "cli/text_layout.h"

namespace clipseek::cli {
namespace {

SearchHit hit(float score, std::string path) {
  SearchHit result;
  result.score = score;
  result.path = std::move(path);
  return result;
}

std::string table(const std::vector<SearchHit>& hits, const Terminal& terminal) {
  std::ostringstream out;
  std::ostringstream err;
  print_table(hits, "/srv/me", {out, err, terminal, {}});
  EXPECT_EQ(err.str(), "");
  return out.str();
}

TEST(PathFrom, IsRelativeBelowTheFolderOnly) {
  EXPECT_EQ(path_from("/srv/me/pics/a.jpg", "/srv/me"), "pics/a.jpg");
  EXPECT_EQ(path_from("/srv/meadow/a.jpg", "/srv/me"), "/srv/meadow/a.jpg");
  EXPECT_EQ(path_from("/a.jpg", "/"), "a.jpg");
  EXPECT_EQ(path_from("/a.jpg", ""), "/a.jpg") << "the current folder was deleted";
}

TEST(Table, InAPipeIsTabSeparatedWithThePathsOwnBytes) {
  EXPECT_EQ(table({hit(0.28934F, "/srv/me/a.jpg"), hit(-0.01F, "/b\xff.png")}, {}),
            "1\t0.2893\ta.jpg\n2\t-0.0100\t/b\xff.png\n");
}

TEST(Table, OnATerminalHasBarsAndFits) {
  Terminal terminal{.interactive = true, .colours = false, .blocks = false, .columns = 60};
  std::string long_name = "/srv/me/" + std::string(80, 'x') + "/end.jpg";
  EXPECT_EQ(table({hit(0.3F, "/srv/me/pics/a\n.jpg"), hit(0.15F, long_name), hit(-0.1F, "/c.jpg")}, terminal),
            "1   0.3000  ###############  pics/a\\n.jpg\n"
            "2   0.1500  ########         ...xxxxxxxxxxxxxxxxxxxx/end.jpg\n"
            "3  -0.1000                   /c.jpg\n");
}

TEST(Table, ColoursBarsAndFolders) {
  Terminal terminal{.interactive = true, .colours = true, .blocks = false, .columns = 60};
  EXPECT_EQ(table({hit(0.3F, "/srv/me/pics/a.jpg")}, terminal),
            "1   0.3000  \x1b[36m###############\x1b[0m  \x1b[2mpics/\x1b[0ma.jpg\n");
}

TEST(Table, OmitsTheBarsOnANarrowTerminal) {
  Terminal terminal{.interactive = true, .colours = false, .blocks = true, .columns = 30};
  EXPECT_EQ(table({hit(0.3F, "/srv/me/a.jpg")}, terminal), "1   0.3000  a.jpg\n");
}

}  // namespace
}  // namespace clipseek::cli
