#include "http/head.h"

#include <algorithm>
#include <charconv>

namespace clipseek::http {
namespace {

constexpr std::size_t kMaxHeaders = 100;
constexpr std::size_t kMaxParameters = 64;

[[noreturn]] void bad(const std::string& why) {
  throw StatusError(400, "bad_request", why);
}

// RFC 9110, 5.6.2.
bool is_token(std::string_view text) {
  auto allowed = [](char letter) {
    bool alphanumeric =
        (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9');
    return alphanumeric || std::string_view("!#$%&'*+-.^_`|~").find(letter) != std::string_view::npos;
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), allowed);
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& letter : lower) letter = letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
  return lower;
}

std::string_view trimmed(std::string_view text) {
  std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// The line that `rest` begins with, which is removed from it.
std::string_view take_line(std::string_view& rest) {
  std::size_t end = rest.find("\r\n");
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 2);
  if (line.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) bad("a line end that is no CR LF");
  return line;
}

void parse_target(std::string_view target, Request& request) {
  if (target.size() > kMaxTargetBytes) throw StatusError(414, "uri_too_long", "the address has more than 8 KiB");
  if (target.empty() || target.front() != '/') bad("the address does not begin with /");
  std::size_t question = target.find('?');
  std::optional<std::string> path = percent_decode(target.substr(0, question), false);
  if (!path) bad("the address is not encoded as UTF-8 and percent signs");
  request.path = *std::move(path);
  if (question != std::string_view::npos) request.parameters = parse_parameters(target.substr(question + 1));
}

void parse_request_line(std::string_view line, Request& request) {
  std::size_t first = line.find(' ');
  std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) bad("no HTTP request");
  request.method = line.substr(0, first);
  std::string_view version = line.substr(last + 1);
  if (!is_token(request.method) || request.method.size() > 32) bad("no HTTP method");
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    if (version.starts_with("HTTP/")) throw StatusError(505, "bad_request", "this server speaks HTTP/1.1");
    bad("no HTTP request");
  }
  request.minor_version = version.back() - '0';
  std::string_view target = line.substr(first + 1, last - first - 1);
  bool printable = std::all_of(target.begin(), target.end(), [](char letter) { return letter > 32 && letter < 127; });
  if (!printable) bad("the address holds bytes that must be percent-encoded");
  parse_target(target, request);
}

void parse_header(std::string_view line, Request& request) {
  if (request.headers.size() == kMaxHeaders) throw StatusError(431, "headers_too_large", "more than 100 header lines");
  std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) bad("a header line without a name");
  std::string name = lower_case(line.substr(0, colon));
  bool single = name == "host" || name == "content-length" || name == "content-type" || name == "origin";
  if (single && request.header(name) != nullptr) bad("the header " + name + " comes twice");
  request.headers.push_back({std::move(name), std::string(trimmed(line.substr(colon + 1)))});
}

int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

// The length of the UTF-8 sequence that `text` begins with (Unicode, table 3-7); 0 where it is none.
std::size_t utf8_sequence(std::string_view text) {
  auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  auto within = [&](std::size_t i, unsigned low, unsigned high) { return byte(i) >= low && byte(i) <= high; };
  unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return within(1, 0x80, 0xBF) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    unsigned low = lead == 0xE0 ? 0xA0 : 0x80;
    unsigned high = lead == 0xED ? 0x9F : 0xBF;
    return within(1, low, high) && within(2, 0x80, 0xBF) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    unsigned low = lead == 0xF0 ? 0x90 : 0x80;
    unsigned high = lead == 0xF4 ? 0x8F : 0xBF;
    return within(1, low, high) && within(2, 0x80, 0xBF) && within(3, 0x80, 0xBF) ? 4 : 0;
  }
  return 0;
}

}  // namespace

std::optional<std::size_t> find_head_end(std::string_view bytes, std::size_t searched) {
  std::size_t end = bytes.find("\r\n\r\n", searched < 3 ? 0 : searched - 3);
  if (end != std::string_view::npos && end + 4 <= kMaxHeadBytes) return end + 4;
  if (end == std::string_view::npos && bytes.size() < kMaxHeadBytes) return std::nullopt;
  std::size_t line = bytes.find("\r\n");
  if (line > kMaxTargetBytes) throw StatusError(414, "uri_too_long", "the address has more than 8 KiB");
  throw StatusError(431, "headers_too_large", "the headers have more than 16 KiB");
}

Request parse_head(std::string_view section) {
  Request request;
  std::string_view rest = section;
  parse_request_line(take_line(rest), request);
  for (std::string_view line = take_line(rest); !line.empty(); line = take_line(rest)) parse_header(line, request);
  if (request.minor_version == 1 && request.header("host") == nullptr) bad("no Host header");
  return request;
}

std::uint64_t body_length(const Request& request) {
  if (request.header("transfer-encoding") != nullptr) {
    throw StatusError(411, "length_required", "a body needs a Content-Length; chunked ones are not read");
  }
  const std::string* text = request.header("content-length");
  if (text == nullptr) {
    if (request.method == "POST") throw StatusError(411, "length_required", "a POST needs a Content-Length");
    return 0;
  }
  std::uint64_t length = 0;
  auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), length);
  if (error == std::errc::result_out_of_range) throw StatusError(413, "limit_exceeded", "the body is too large");
  if (error != std::errc() || end != text->data() + text->size()) bad("Content-Length is no number");
  return length;
}

bool wants_keep_alive(const Request& request) {
  const std::string* connection = request.header("connection");
  std::string options = connection != nullptr ? lower_case(*connection) : "";
  if (request.minor_version == 0) return options.find("keep-alive") != std::string::npos;
  return options.find("close") == std::string::npos;
}

std::optional<std::string> percent_decode(std::string_view text, bool form) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char letter = text[i];
    if (letter == '+' && form) letter = ' ';
    if (letter == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      int high = hex_value(text[i + 1]);
      int low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      letter = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (letter == '\0') return std::nullopt;
    decoded += letter;
  }
  if (!is_utf8(decoded)) return std::nullopt;
  return decoded;
}

Parameters parse_parameters(std::string_view text) {
  Parameters parameters;
  while (!text.empty()) {
    std::size_t end = text.find('&');
    std::string_view pair = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (pair.empty()) continue;
    if (parameters.size() == kMaxParameters) bad("more than 64 parameters");
    std::size_t equals = pair.find('=');
    std::optional<std::string> name = percent_decode(pair.substr(0, equals), true);
    std::optional<std::string> value =
        equals == std::string_view::npos ? std::string() : percent_decode(pair.substr(equals + 1), true);
    if (!name || !value) bad("a parameter is not encoded as UTF-8 and percent signs");
    parameters.emplace_back(*std::move(name), *std::move(value));
  }
  return parameters;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    std::size_t length = utf8_sequence(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace clipseek::http
