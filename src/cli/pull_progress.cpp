#include "cli/pull_progress.h"

#include <algorithm>
#include <ostream>

#include "cli/text_layout.h"

namespace clipseek::cli {
namespace {

double fraction_of(const hub::PullProgress& progress) {
  if (progress.total_bytes == 0) return 1;
  return std::min(1.0, static_cast<double>(progress.done_bytes) / static_cast<double>(progress.total_bytes));
}

std::string facts_of(const hub::PullProgress& progress, double rate, const std::string& gap) {
  std::string facts = format_bytes(progress.done_bytes) + " of " + format_bytes(progress.total_bytes);
  if (progress.checking) return "checking " + progress.file + gap + facts;
  if (rate <= 0) return facts;
  double left = static_cast<double>(progress.total_bytes - std::min(progress.done_bytes, progress.total_bytes)) / rate;
  return facts + gap + format_bytes(static_cast<std::uint64_t>(rate)) + "/s" + gap + format_seconds(left) + " left";
}

}  // namespace

std::string pull_line(const hub::PullProgress& progress, double rate, int columns, bool blocks) {
  static constexpr int kMaxBar = 30;
  static constexpr int kMinBar = 8;
  static constexpr int kAroundBar = 10;  // brackets, gaps and "100%"
  std::string facts = facts_of(progress, rate, "  ");
  int bar_columns = std::min(kMaxBar, columns - display_width(facts) - kAroundBar);
  if (bar_columns < kMinBar) return facts.substr(0, static_cast<std::size_t>(std::max(0, columns)));
  double fraction = fraction_of(progress);
  std::string percent = std::to_string(static_cast<int>(fraction * 100)) + "%";
  percent.insert(0, 4 - std::min<std::size_t>(4, percent.size()), ' ');
  return "[" + bar(fraction, bar_columns, blocks) + "] " + percent + "  " + facts;
}

std::string pull_words(const hub::PullProgress& progress, double rate) {
  std::string facts = facts_of(progress, rate, ", ");
  return progress.checking ? facts : progress.file + ": " + facts;
}

PullPrinter::Clock::duration PullPrinter::wait() const {
  return console_.err_terminal.interactive ? std::chrono::milliseconds(100) : std::chrono::milliseconds(5000);
}

void PullPrinter::update(const hub::PullProgress& progress) {
  Clock::time_point now = Clock::now();
  // A restarted file or a pause for checking would distort the rate.
  if (progress.done_bytes < last_bytes_ || progress.checking != was_checking_) rate_ = catalog::RateMeter();
  last_bytes_ = progress.done_bytes;
  was_checking_ = progress.checking;
  if (!progress.checking) rate_.add(now, static_cast<std::size_t>(progress.done_bytes));
  if (now < next_) return;
  next_ = now + wait();
  if (!console_.err_terminal.interactive) {
    console_.note(pull_words(progress, rate_.per_second()));
    return;
  }
  // One column stays free, because a terminal may wrap a full line.
  console_.err << "\r\x1b[K" + pull_line(progress, rate_.per_second(), console_.err_terminal.columns - 1,
                                         console_.err_terminal.blocks)
               << std::flush;
  live_ = true;
}

void PullPrinter::clear() {
  if (live_) console_.err << "\r\x1b[K" << std::flush;
  live_ = false;
}

void PullPrinter::note(std::string_view message) {
  clear();
  console_.note(message);
}

}  // namespace clipseek::cli
