#include "nodes/shared/item_extra.h"

#include <charconv>

namespace clipseek::nodes {
namespace {

std::optional<int> to_number(std::string_view text) {
  int number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

void add_extra(ClipItem& item, std::string_view key, std::string_view value) {
  item.extra.push_back(std::string(key) + "=" + std::string(value));
}

std::string find_extra(const ClipItem& item, std::string_view key) {
  for (std::string_view entry : item.extra) {
    if (entry.starts_with(key) && entry.substr(key.size()).starts_with('=')) {
      return std::string(entry.substr(key.size() + 1));
    }
  }
  return "";
}

int find_size(const ClipItem& item, std::string_view key) {
  constexpr int kMaxSize = 1'000'000;
  int size = to_number(find_extra(item, key)).value_or(0);
  return size < 0 || size > kMaxSize ? 0 : size;
}

void add_error(ClipItem& item, const Error& error) {
  add_extra(item, kErrorCodeKey, std::to_string(error_info(error.code()).ros_error_code));
  add_extra(item, kErrorKey, error.what());
}

std::optional<Error> item_error(const ClipItem& item) {
  if (!item.feature.empty()) return std::nullopt;
  std::string message = find_extra(item, kErrorKey);
  if (message.empty())
    message = (item.type ? item.url : item.text) + ": the encoder node sent neither a feature nor an error";
  std::optional<int> number = to_number(find_extra(item, kErrorCodeKey));
  return Error(number ? from_ros_error_code(*number) : ErrorCode::kInternal, message);
}

ErrorCode from_ros_error_code(std::int32_t number) {
  for (ErrorCode code : {ErrorCode::kInvalidArgument, ErrorCode::kNotFound, ErrorCode::kUnreadable, ErrorCode::kCorrupt,
                         ErrorCode::kUnsupported, ErrorCode::kLimitExceeded, ErrorCode::kModelMismatch,
                         ErrorCode::kStorage, ErrorCode::kUnavailable, ErrorCode::kCancelled}) {
    if (error_info(code).ros_error_code == number) return code;
  }
  return ErrorCode::kInternal;
}

}  // namespace clipseek::nodes
