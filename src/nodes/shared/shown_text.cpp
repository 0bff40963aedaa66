#include "nodes/shared/shown_text.h"

namespace clipseek::nodes {
namespace {

constexpr std::size_t kMost = 1000;

std::string join(const std::vector<std::string>& texts, std::string_view quote) {
  std::string joined;
  for (const std::string& text : texts) {
    if (joined.size() > kMost) break;
    joined += joined.empty() ? "" : ", ";
    joined.append(quote).append(shown(text)).append(quote);
  }
  return shown(joined, kMost);
}

}  // namespace

std::string shown(std::string_view text, std::size_t most) {
  std::string result(text.substr(0, most));
  for (char& c : result) {
    auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) c = '?';
  }
  if (text.size() > most) {
    // Not within a character of several bytes.
    while (!result.empty() && (static_cast<unsigned char>(result.back()) & 0xc0) == 0x80) result.pop_back();
    if (!result.empty() && static_cast<unsigned char>(result.back()) >= 0x80) result.pop_back();
    result += "...";
  }
  return result;
}

std::string shown_list(const std::vector<std::string>& texts) {
  return join(texts, "");
}

std::string quoted_list(const std::vector<std::string>& texts) {
  return "[" + join(texts, "'") + "]";
}

}  // namespace clipseek::nodes
