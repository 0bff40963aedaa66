#include "cli/index_progress.h"

#include <algorithm>

#include "cli/text_layout.h"

namespace clipseek::cli {
namespace {

std::string percent(double fraction) {
  std::string number = std::to_string(static_cast<int>(fraction * 100));
  return std::string(3 - std::min<std::size_t>(number.size(), 3), ' ') + number + "%";
}

}  // namespace

std::string progress_line(const IndexProgress& progress, double rate, int columns, bool blocks) {
  std::string facts;
  if (progress.scanning) {
    facts = format_count(progress.encoded) + " done, " + format_count(progress.found) + " found, still scanning";
  } else {
    facts = format_count(progress.encoded) + " of " + format_count(progress.to_encode);
  }
  if (rate > 0) facts += "  " + format_rate(rate) + "/s";
  if (auto left = catalog::seconds_left(progress, rate)) facts += "  " + format_seconds(*left) + " left";
  if (progress.failed > 0) facts += "  " + format_count(progress.failed) + " failed";

  static constexpr int kMaxBar = 30;
  static constexpr int kMinBar = 8;
  int bar_columns = std::min(kMaxBar, columns - display_width(facts) - 10);
  if (progress.scanning || progress.to_encode == 0 || bar_columns < kMinBar) {
    return facts.substr(0, static_cast<std::size_t>(columns));
  }
  double fraction = std::min(1.0, static_cast<double>(progress.encoded) / static_cast<double>(progress.to_encode));
  return "[" + bar(fraction, bar_columns, blocks) + "] " + percent(fraction) + "  " + facts;
}

std::string progress_words(const IndexProgress& progress, double rate) {
  std::string words = format_count(progress.encoded) + " of " + format_count(progress.to_encode) + " pictures done";
  if (progress.scanning) words += ", " + format_count(progress.found) + " found, still scanning";
  if (rate > 0) words += ", " + format_rate(rate) + "/s";
  if (auto left = catalog::seconds_left(progress, rate)) words += ", " + format_seconds(*left) + " left";
  if (progress.failed > 0) words += ", " + format_count(progress.failed) + " failed";
  return words;
}

ProgressPrinter::Clock::duration ProgressPrinter::wait() const {
  return console_.err_terminal.interactive ? std::chrono::milliseconds(100) : std::chrono::milliseconds(5000);
}

void ProgressPrinter::update(const IndexProgress& progress) {
  Clock::time_point now = Clock::now();
  rate_.add(now, progress.encoded);
  if (now < next_) return;
  next_ = now + wait();
  if (!console_.err_terminal.interactive) {
    console_.note(progress_words(progress, rate_.per_second()));
    return;
  }
  // One column stays free, because a terminal may wrap a full line.
  std::string line =
      progress_line(progress, rate_.per_second(), console_.err_terminal.columns - 1, console_.err_terminal.blocks);
  console_.err << "\r\x1b[K" + line << std::flush;
  live_ = true;
}

void ProgressPrinter::clear() {
  if (live_) console_.err << "\r\x1b[K" << std::flush;
  live_ = false;
}

void ProgressPrinter::error(std::string_view message) {
  clear();
  console_.error(message);
}

void ProgressPrinter::note(std::string_view message) {
  clear();
  console_.note(message);
}

}  // namespace clipseek::cli
