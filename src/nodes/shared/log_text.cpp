#include "nodes/shared/log_text.h"

namespace clipseek::nodes {
namespace {

constexpr std::size_t kMaxListBytes = 1000;

std::string join(const std::vector<std::string>& texts, std::string_view quote) {
  std::string joined;
  for (const std::string& text : texts) {
    if (joined.size() > kMaxListBytes) break;
    joined += joined.empty() ? "" : ", ";
    joined.append(quote).append(sanitized(text)).append(quote);
  }
  return sanitized(joined, kMaxListBytes);
}

}  // namespace

std::string sanitized(std::string_view text, std::size_t max_bytes) {
  std::string result(text.substr(0, max_bytes));
  for (char& c : result) {
    auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) c = '?';
  }
  if (text.size() > max_bytes) {
    // Removes an incomplete UTF-8 sequence at the end.
    while (!result.empty() && (static_cast<unsigned char>(result.back()) & 0xc0) == 0x80) result.pop_back();
    if (!result.empty() && static_cast<unsigned char>(result.back()) >= 0x80) result.pop_back();
    result += "...";
  }
  return result;
}

std::string sanitized_list(const std::vector<std::string>& texts) {
  return join(texts, "");
}

std::string quoted_list(const std::vector<std::string>& texts) {
  return "[" + join(texts, "'") + "]";
}

}  // namespace clipseek::nodes
