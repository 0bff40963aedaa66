#include "nodes/shared/data_url.h"

#include <algorithm>
#include <cstdint>

#include "clipseek/error.h"
#include "image/limits.h"

namespace clipseek::nodes {
namespace {

constexpr std::string_view kScheme = "data:";
constexpr std::string_view kBase64 = ";base64";
Error corrupt(const char* what) {
  return Error(ErrorCode::kCorrupt, std::string("the data URL ") + what);
}

std::uint32_t sextet(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<std::uint32_t>(c - 'A');
  if (c >= 'a' && c <= 'z') return static_cast<std::uint32_t>(c - 'a') + 26;
  if (c >= '0' && c <= '9') return static_cast<std::uint32_t>(c - '0') + 52;
  if (c == '+') return 62;
  if (c == '/') return 63;
  throw corrupt("contains a character that is not base64");
}

}  // namespace

bool is_data_url(std::string_view url) {
  return url.starts_with(kScheme);
}

std::vector<std::byte> decode_data_url(std::string_view url) {
  std::size_t comma = url.find(',');
  if (!is_data_url(url) || comma == std::string_view::npos || !url.substr(0, comma).ends_with(kBase64)) {
    throw corrupt("does not have the form data:...;base64,...");
  }
  std::string_view text = url.substr(comma + 1);
  for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  if (text.empty()) throw corrupt("is empty");
  if (text.size() % 4 == 1) throw corrupt("is truncated");
  if (text.size() / 4 * 3 > image::kMaxPictureBytes) {
    throw Error(ErrorCode::kLimitExceeded, "the data URL is larger than 512 MiB");
  }
  std::vector<std::byte> bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t bits = 0;
  int count = 0;
  for (char c : text) {
    bits = bits << 6 | sextet(c);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<std::byte>(bits >> count & 0xff));
  }
  return bytes;
}

std::string encode_data_url(std::string_view type, std::span<const std::byte> bytes) {
  static constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string url = std::string(kScheme).append(type).append(kBase64) + ",";
  url.reserve(url.size() + (bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t bits = 0;
    for (std::size_t j = 0; j < 3; ++j)
      bits = bits << 8 | (j < count ? std::to_integer<std::uint32_t>(bytes[i + j]) : 0);
    for (std::size_t j = 0; j < 4; ++j) url += j <= count ? kLetters[bits >> (18 - 6 * j) & 63] : '=';
  }
  return url;
}

}  // namespace clipseek::nodes
