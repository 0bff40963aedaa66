// Splits a stream of bytes into lines.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace clipseek::cli {

class LineBuffer {
 public:
  // A longer line is split after this many bytes.
  static constexpr std::size_t kMaxLine = 1 << 16;

  // Appends `bytes` and calls `line` with each line that is now complete, without its newline.
  template <typename Line>
  void append(std::string_view bytes, Line&& line) {
    while (!bytes.empty()) {
      std::size_t end = bytes.substr(0, kMaxLine - rest_.size()).find('\n');
      bool complete = end != std::string_view::npos;
      std::size_t count = complete ? end : std::min(bytes.size(), kMaxLine - rest_.size());
      rest_ += bytes.substr(0, count);
      bytes.remove_prefix(complete ? count + 1 : count);
      if (complete || rest_.size() == kMaxLine) take(line);
    }
  }
  // Calls `line` with the incomplete last line, if there is one.
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
