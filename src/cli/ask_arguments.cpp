#include "cli/ask_arguments.h"

#include <charconv>
#include <optional>
#include <string_view>

#include "cli/node_program.h"
#include "clipseek/error.h"

namespace clipseek::cli {
namespace {

constexpr std::string_view kQuery = "--query=";
constexpr std::string_view kImage = "--image=";
constexpr std::string_view kCount = "--count=";
constexpr std::string_view kTimeout = "--timeout=";
constexpr std::string_view kJson = "--json";

constexpr std::size_t kMaxCount = 100'000;  // of clip_manage's parameter topk
constexpr double kMaxTimeout = 86'400;

std::optional<std::string_view> value_of(std::string_view word, std::string_view option) {
  if (!word.starts_with(option)) return std::nullopt;
  return word.substr(option.size());
}

template <typename Number>
Number number_up_to(Number max, std::string_view text, const std::string& word) {
  Number number{};
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  bool good = error == std::errc() && end == text.data() + text.size() && number >= 0 && number <= max;
  if (!good) throw Error(ErrorCode::kInvalidArgument, "'" + word + "' has no number up to " + std::to_string(max));
  return number;
}

}  // namespace

std::vector<std::string> ask_words(const AskArguments& arguments) {
  std::vector<std::string> words{std::string(kQuery) + arguments.query, std::string(kImage) + arguments.image,
                                 std::string(kCount) + std::to_string(arguments.top_k),
                                 std::string(kTimeout) + std::to_string(arguments.timeout)};
  if (arguments.json) words.emplace_back(kJson);
  if (!arguments.name_space.empty()) {
    words.insert(words.end(), {"--ros-args", "-r", namespace_rule(arguments.name_space)});
  }
  return words;
}

AskArguments read_ask_words(std::span<const std::string> words) {
  AskArguments arguments;
  for (const std::string& word : words) {
    if (auto query = value_of(word, kQuery)) {
      arguments.query = *query;
    } else if (auto image = value_of(word, kImage)) {
      arguments.image = *image;
    } else if (auto count = value_of(word, kCount)) {
      arguments.top_k = number_up_to(kMaxCount, *count, word);
    } else if (auto timeout = value_of(word, kTimeout)) {
      arguments.timeout = number_up_to(kMaxTimeout, *timeout, word);
    } else if (word == kJson) {
      arguments.json = true;
    } else {
      throw Error(ErrorCode::kInvalidArgument, "unknown argument '" + word + "' (see --help)");
    }
  }
  if (arguments.query.empty() && arguments.image.empty()) {
    throw Error(ErrorCode::kInvalidArgument, "nothing to search for: give a query, an image or both");
  }
  return arguments;
}

}  // namespace clipseek::cli
