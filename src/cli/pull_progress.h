// Shows the progress of a download: one line that is rewritten on a terminal, a plain line every few seconds elsewhere.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "cli/console.h"
#include "cli/index_progress.h"
#include "hub/pull.h"

namespace clipseek::cli {

// "[####    ]  52%  315 MB of 605 MB  23 MB/s  12 s left", at most `columns` wide. The time left is shown once
// `rate` (bytes per second) is known.
std::string pull_line(const hub::PullProgress& progress, double rate, int columns, bool blocks);
// The same in words for a log: "model.safetensors: 315 MB of 605 MB, 23 MB/s, 12 s left".
std::string pull_words(const hub::PullProgress& progress, double rate);

// Writes to console.err. One call at a time.
class PullPrinter {
 public:
  explicit PullPrinter(const Console& console) : console_(console), next_(Clock::now() + first_wait()) {}
  ~PullPrinter() { clear(); }
  PullPrinter(const PullPrinter&) = delete;
  PullPrinter& operator=(const PullPrinter&) = delete;

  void update(const hub::PullProgress& progress);
  void note(std::string_view message);  // prints a separate line above the progress line

 private:
  using Clock = std::chrono::steady_clock;
  Clock::duration wait() const;
  Clock::duration first_wait() const { return std::chrono::milliseconds(console_.err_terminal.interactive ? 0 : 2000); }
  void clear();

  const Console& console_;
  Clock::time_point next_;
  catalog::RateMeter rate_;
  std::uint64_t last_bytes_ = 0;
  bool was_checking_ = false;
  bool live_ = false;  // the terminal shows a progress line
};

}  // namespace clipseek::cli
