// Shows the progress of an index run: one line that is rewritten on a terminal, a plain line every few seconds
// elsewhere.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "catalog/rate_meter.h"
#include "cli/console.h"
#include "clipseek/catalog.h"

namespace clipseek::cli {

// "[####    ]  52%  420 of 810  38.2/s  10 s left  3 failed", at most `columns` wide. The time left is shown once the
// scan has ended and `rate` (pictures per second) is known.
std::string progress_line(const IndexProgress& progress, double rate, int columns, bool blocks);
// The same in words for a log: "420 of 810 pictures done, 38.2/s, 10 s left, 3 failed".
std::string progress_words(const IndexProgress& progress, double rate);

// Writes to console.err. One call at a time.
class ProgressPrinter {
 public:
  explicit ProgressPrinter(const Console& console) : console_(console), next_(Clock::now() + first_wait()) {}
  ~ProgressPrinter() { clear(); }
  ProgressPrinter(const ProgressPrinter&) = delete;
  ProgressPrinter& operator=(const ProgressPrinter&) = delete;

  void update(const IndexProgress& progress);
  // Print a separate line above the progress line.
  void error(std::string_view message);
  void note(std::string_view message);

 private:
  using Clock = std::chrono::steady_clock;
  Clock::duration wait() const;
  Clock::duration first_wait() const { return std::chrono::milliseconds(console_.err_terminal.interactive ? 0 : 2000); }
  void clear();

  const Console& console_;
  Clock::time_point next_;
  catalog::RateMeter rate_;
  bool live_ = false;  // the terminal shows a progress line
};

}  // namespace clipseek::cli
