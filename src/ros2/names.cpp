#include "ros2/names.h"

#include <algorithm>
#include <span>

#include "clipseek/error.h"

namespace clipseek::ros2 {
namespace {

constexpr std::size_t kMaxName = 255;
constexpr std::string_view kDdsNamespace = "dds_::";

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_token(std::string_view token) {
  return !token.empty() && is_letter(token.front()) &&
         std::all_of(token.begin(), token.end(), [](char c) { return is_letter(c) || is_digit(c); });
}

Error invalid_name(std::string_view kind, std::string_view name, std::string_view reason) {
  std::string message("invalid ");
  message.append(kind).append(" '").append(name).append("': ").append(reason);
  return Error(ErrorCode::kInvalidArgument, message);
}

void check_absolute(std::string_view kind, std::string_view name) {
  if (name.size() > kMaxName) throw invalid_name(kind, name, "it is longer than 255 characters");
  if (name.empty() || name.front() != '/' || name.size() == 1 || name.back() == '/') {
    throw invalid_name(kind, name, "a name has at least one part and does not end with '/'");
  }
  for (const std::string& token : name_tokens(name)) {
    if (!is_token(token)) {
      throw invalid_name(kind, name,
                         "each part consists of letters, digits and underscores and does not begin with a digit");
    }
  }
}

bool matches(std::span<const std::string> pattern, std::span<const std::string> node) {
  if (pattern.empty()) return node.empty();
  if (pattern.front() == "**") {
    return matches(pattern.subspan(1), node) || (!node.empty() && matches(pattern, node.subspan(1)));
  }
  if (node.empty() || (pattern.front() != "*" && pattern.front() != node.front())) return false;
  return matches(pattern.subspan(1), node.subspan(1));
}

}  // namespace

std::vector<std::string> name_tokens(std::string_view name) {
  std::vector<std::string> tokens;
  if (!name.empty() && name.front() == '/') name.remove_prefix(1);
  while (!name.empty()) {
    std::size_t slash = std::min(name.find('/'), name.size());
    tokens.emplace_back(name.substr(0, slash));
    name.remove_prefix(std::min(slash + 1, name.size()));
  }
  return tokens;
}

void check_node_name(std::string_view name) {
  if (!is_token(name) || name.size() > kMaxName) {
    throw invalid_name("node name", name,
                       "it has 1 to 255 letters, digits and underscores and does not begin with a digit");
  }
}

std::string normalized_namespace(std::string_view name_space) {
  if (name_space.empty() || name_space == "/") return "/";
  std::string full = std::string(name_space.front() == '/' ? "" : "/").append(name_space);
  check_absolute("namespace", full);
  return full;
}

std::string fully_qualified_node(std::string_view name_space, std::string_view node) {
  return std::string(name_space == "/" ? "" : name_space).append("/").append(node);
}

std::string expand_name(std::string_view name, std::string_view name_space, std::string_view node) {
  if (name.empty()) throw invalid_name("topic or service name", name, "it is empty");
  std::string full;
  if (name.front() == '/') {
    full = name;
  } else if (name == "~" || name.starts_with("~/")) {
    full = fully_qualified_node(name_space, node) + std::string(name.substr(1));
  } else {
    full = fully_qualified_node(name_space, name);
  }
  check_absolute("topic or service name", full);
  return full;
}

std::string dds_topic(std::string_view topic) {
  return std::string("rt").append(topic);
}

std::string dds_request_topic(std::string_view service) {
  return std::string("rq").append(service).append("Request");
}

std::string dds_reply_topic(std::string_view service) {
  return std::string("rr").append(service).append("Reply");
}

std::string dds_type_name(std::string_view type) {
  std::string result;
  std::size_t start = 0;
  for (std::size_t slash = type.find('/'); slash != std::string_view::npos; slash = type.find('/', start)) {
    result += std::string(type.substr(start, slash - start)) + "::";
    start = slash + 1;
  }
  return result + std::string(kDdsNamespace) + std::string(type.substr(start)) + "_";
}

std::string ros_type_name(std::string_view dds_type) {
  std::size_t marker = dds_type.find(kDdsNamespace);
  if (marker == std::string_view::npos || !dds_type.ends_with('_')) return "";
  std::string result;
  for (std::size_t start = 0; start < marker;) {
    std::size_t colons = dds_type.find("::", start);
    result += std::string(dds_type.substr(start, colons - start)) + "/";
    start = colons + 2;
  }
  std::string_view name = dds_type.substr(marker + kDdsNamespace.size());
  return result + std::string(name.substr(0, name.size() - 1));
}

bool matches_node_pattern(std::string_view pattern, std::string_view node) {
  return matches(name_tokens(pattern), name_tokens(node));
}

}  // namespace clipseek::ros2
