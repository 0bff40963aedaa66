#include "cli/index_progress.h"

#include <gtest/gtest.h>

#include <sstream>

#include "cli/text_layout.h"

namespace clipseek::cli {
namespace {

IndexProgress halfway() {
  return {.found = 1000, .scanning = false, .to_encode = 810, .encoded = 405, .failed = 3};
}

TEST(RateMeter, MeasuresTheLastTenSeconds) {
  catalog::RateMeter meter;
  catalog::RateMeter::Time start;
  EXPECT_EQ(meter.per_second(), 0);
  meter.add(start, 0);
  EXPECT_EQ(meter.per_second(), 0);
  meter.add(start + std::chrono::seconds(1), 100);
  EXPECT_DOUBLE_EQ(meter.per_second(), 100);
  for (int second = 2; second <= 30; ++second) {
    meter.add(start + std::chrono::seconds(second), 100 + 10 * static_cast<std::size_t>(second - 1));
  }
  EXPECT_DOUBLE_EQ(meter.per_second(), 10);
}

TEST(ProgressLine, ShowsCountRateTimeLeftAndFailures) {
  EXPECT_EQ(progress_line(halfway(), 40.5, 79, false),
            "[###############               ]  50%  405 of 810  40.5/s  10 s left  3 failed");
}

TEST(ProgressLine, FitsTheTerminal) {
  for (int columns = 20; columns < 120; ++columns) {
    EXPECT_LE(display_width(progress_line(halfway(), 40.5, columns, true)), columns);
  }
}

TEST(ProgressLine, ShowsNoTimeLeftDuringTheScan) {
  IndexProgress progress = halfway();
  progress.scanning = true;
  EXPECT_EQ(progress_line(progress, 40.5, 79, false), "405 done, 1,000 found, still scanning  40.5/s  3 failed");
}

TEST(ProgressWords, ContainTheSameFacts) {
  EXPECT_EQ(progress_words(halfway(), 40.5), "405 of 810 pictures done, 40.5/s, 10 s left, 3 failed");
  EXPECT_EQ(progress_words({.found = 5, .scanning = true, .to_encode = 2}, 0),
            "0 of 2 pictures done, 5 found, still scanning");
}

class ProgressPrinterTest : public testing::Test {
 protected:
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(ProgressPrinterTest, PrintsMessagesAboveTheProgressLineAndClearsItAtTheEnd) {
  Console console{out_, err_, {}, {.interactive = true, .colours = false, .blocks = false, .columns = 60}};
  {
    ProgressPrinter printer(console);
    printer.update(halfway());
    printer.error("a.jpg: truncated");
  }
  EXPECT_EQ(
      err_.str(),
      "\r\x1b[K[###############              ]  50%  405 of 810  3 failed\r\x1b[Kclipseek: error: a.jpg: truncated\n");
  EXPECT_EQ(out_.str(), "");
}

TEST_F(ProgressPrinterTest, PrintsNoProgressOfAShortRunIntoAPipe) {
  Console console{out_, err_, {}, {}};
  {
    ProgressPrinter printer(console);
    printer.update(halfway());
    printer.note("removed b.jpg");
  }
  EXPECT_EQ(err_.str(), "clipseek: removed b.jpg\n");
}

}  // namespace
}  // namespace clipseek::cli
