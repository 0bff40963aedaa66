#include "cli/model_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "cli/pull_progress.h"

namespace clipseek::cli {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

TEST(ModelTable, HasALineForEachModelInColumns) {
  const hub::KnownModel& first = hub::known_models()[0];
  const hub::KnownModel& second = hub::known_models()[1];
  auto lines = lines_of(model_table({{&first, std::nullopt}, {&second, "/cache/x"}}, 0));
  ASSERT_EQ(lines.size(), 3U);
  std::size_t here = lines[0].find("here");
  EXPECT_EQ(lines[1].substr(here, 3), "no ");
  EXPECT_EQ(lines[2].substr(here, 3), "yes");
  EXPECT_NE(lines[1].find(first.good_for), std::string::npos);
}

TEST(ModelTable, HasTwoLinesForEachModelOnANarrowTerminal) {
  auto lines = lines_of(model_table({{&hub::known_models()[0], std::nullopt}}, 100));
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[2], "    " + std::string(hub::known_models()[0].good_for));
  for (const std::string& line : lines) EXPECT_LE(line.size(), 100U);
}

TEST(PullLine, ShowsShareRateAndTimeLeft) {
  hub::PullProgress progress{"model.safetensors", false, 300'000'000, 600'000'000};
  EXPECT_EQ(pull_words(progress, 20e6), "model.safetensors: 300 MB of 600 MB, 20 MB/s, 15 s left");
  EXPECT_EQ(pull_words(progress, 0), "model.safetensors: 300 MB of 600 MB");
  std::string line = pull_line(progress, 20e6, 80, false);
  EXPECT_EQ(line.substr(line.find(']')), "]  50%  300 MB of 600 MB  20 MB/s  15 s left");
  EXPECT_EQ(std::count(line.begin(), line.end(), '#'), (line.find(']') - 1) / 2);
}

TEST(PullLine, FitsAnyWidth) {
  hub::PullProgress progress{"model.safetensors", true, 600'000'000, 600'000'000};
  for (int columns = 0; columns < 120; ++columns) {
    EXPECT_LE(pull_line(progress, 0, columns, false).size(), static_cast<std::size_t>(columns));
  }
  EXPECT_EQ(pull_line({"empty", false, 0, 0}, 0, 60, false).find("100%") == std::string::npos, false);
}

}  // namespace
}  // namespace clipseek::cli
