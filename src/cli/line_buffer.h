// Cuts a stream of bytes into lines.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace clipseek::cli {

class LineBuffer {
 public:
  // A line is cut here where its end does not come.
  static constexpr std::size_t kLongest = 1 << 16;

  // Calls `line` with each line that is complete now, without its newline.
  template <typename Line>
  void append(std::string_view bytes, Line&& line) {
    while (!bytes.empty()) {
      std::size_t end = bytes.substr(0, kLongest - rest_.size()).find('\n');
      bool complete = end != std::string_view::npos;
      std::size_t count = complete ? end : std::min(bytes.size(), kLongest - rest_.size());
      rest_ += bytes.substr(0, count);
      bytes.remove_prefix(complete ? count + 1 : count);
      if (complete || rest_.size() == kLongest) take(line);
    }
  }
  // Calls `line` with what is left, if anything.
  template <typename Line>
  void finish(Line&& line) {
    if (!rest_.empty()) take(line);
  }

 private:
  template <typename Line>
  void take(Line& line) {
    line(std::string_view(rest_));
    rest_.clear();
  }

  std::string rest_;
};

}  // namespace clipseek::cli
