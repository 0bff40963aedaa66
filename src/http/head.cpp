#include "http/head.h"

#include <algorithm>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/locale/utf.hpp>
#include <charconv>
#include <limits>

#include "base/ascii.h"

namespace clipseek::http {
namespace {

namespace beast = boost::beast;

constexpr std::size_t kMaxHeaders = 100;
constexpr std::size_t kMaxParameters = 64;

[[noreturn]] void bad(const std::string& why) {
  throw StatusError(400, "bad_request", why);
}

std::string_view view(beast::string_view text) {
  return {text.data(), text.size()};
}

void parse_target(std::string_view target, Request& request) {
  if (target.size() > kMaxTargetBytes) throw StatusError(414, "uri_too_long", "the address has more than 8 KiB");
  bool printable = std::all_of(target.begin(), target.end(), [](char letter) { return letter > 32 && letter < 127; });
  if (!printable) bad("the address holds bytes that must be percent-encoded");
  if (!target.starts_with('/')) bad("the address does not begin with /");
  std::size_t question = target.find('?');
  std::optional<std::string> path = percent_decode(target.substr(0, question), false);
  if (!path) bad("the address is not encoded as UTF-8 and percent signs");
  request.path = *std::move(path);
  if (question != std::string_view::npos) request.parameters = parse_parameters(target.substr(question + 1));
}

void add_header(std::string_view given_name, std::string_view value, Request& request) {
  if (request.headers.size() == kMaxHeaders) throw StatusError(431, "headers_too_large", "more than 100 header lines");
  std::string name = base::ascii_lower(given_name);
  bool single = name == "host" || name == "content-length" || name == "content-type" || name == "origin";
  if (single && request.header(name) != nullptr) bad("the header " + name + " comes twice");
  request.headers.push_back({std::move(name), std::string(value)});
}

void check_length(const Request& request) {
  if (request.header("transfer-encoding") != nullptr) {
    throw StatusError(411, "length_required", "a body needs a Content-Length; chunked ones are not read");
  }
  const std::string* length = request.header("content-length");
  if (length == nullptr && request.method == "POST") {
    throw StatusError(411, "length_required", "a POST needs a Content-Length");
  }
  if (length != nullptr && length->find(',') != std::string::npos) bad("Content-Length is a list");
}

}  // namespace

Head parse_head(std::string_view section) {
  if (section.starts_with("\r\n")) section.remove_prefix(2);  // one empty line is allowed (RFC 9112, 2.2)
  for (std::string_view fold : {"\r\n ", "\r\n\t"}) {         // the parser would join the lines
    if (section.find(fold) != std::string_view::npos) bad("a folded header line");
  }
  beast::http::request_parser<beast::http::empty_body> parser;
  parser.header_limit(kMaxHeadBytes);
  parser.body_limit(std::numeric_limits<std::uint64_t>::max());  // the route has the limit
  boost::system::error_code error;
  std::size_t used = parser.put(boost::asio::buffer(section), error);
  if (error || used != section.size()) bad("not an HTTP/1.1 request" + (error ? ": " + error.message() : ""));
  const auto& fields = parser.get();
  Head head;
  head.request.method = view(fields.method_string());
  parse_target(view(fields.target()), head.request);
  for (const auto& field : fields) add_header(view(field.name_string()), view(field.value()), head.request);
  if (fields.version() == 11 && head.request.header("host") == nullptr) bad("no Host header");
  check_length(head.request);
  head.body_length = parser.content_length().value_or(0);
  head.keep_alive = parser.keep_alive();
  return head;
}

std::optional<std::string> percent_decode(std::string_view text, bool form) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char letter = text[i];
    if (letter == '+' && form) letter = ' ';
    if (letter == '%') {
      unsigned value = 0;
      std::string_view digits = text.substr(i + 1, 2);
      auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
      if (error != std::errc() || end != digits.data() + 2) return std::nullopt;
      letter = static_cast<char>(value);
      i += 2;
    }
    if (letter == '\0') return std::nullopt;
    decoded += letter;
  }
  return is_utf8(decoded) ? std::optional(std::move(decoded)) : std::nullopt;
}

Parameters parse_parameters(std::string_view text) {
  Parameters parameters;
  while (!text.empty()) {
    std::size_t end = text.find('&');
    std::string_view pair = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (pair.empty()) continue;
    if (parameters.size() == kMaxParameters) bad("more than 64 parameters");
    std::size_t equals = std::min(pair.find('='), pair.size());
    std::optional<std::string> name = percent_decode(pair.substr(0, equals), true);
    std::optional<std::string> value = percent_decode(pair.substr(std::min(equals + 1, pair.size())), true);
    if (!name || !value) bad("a parameter is not encoded as UTF-8 and percent signs");
    parameters.emplace_back(*std::move(name), *std::move(value));
  }
  return parameters;
}

bool is_utf8(std::string_view text) {
  using Utf8 = boost::locale::utf::utf_traits<char>;
  for (const char* at = text.data(); at != text.data() + text.size();) {
    if (!boost::locale::utf::is_valid_codepoint(Utf8::decode(at, text.data() + text.size()))) return false;
  }
  return true;
}

}  // namespace clipseek::http
