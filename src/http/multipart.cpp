#include "http/multipart.h"

#include <boost/beast/http/rfc7230.hpp>
#include <optional>

#include "base/ascii.h"
#include "http/head.h"

namespace clipseek::http {
namespace {

constexpr std::size_t kMaxParts = 32;
constexpr std::size_t kMaxPartHead = 4096;

[[noreturn]] void bad_form(const std::string& why) {
  throw StatusError(400, "bad_request", "the form is damaged: " + why);
}

bool starts_with(std::string_view text, std::string_view prefix) {
  return base::equal_ignoring_case(text.substr(0, prefix.size()), prefix);
}

// The parameter `name` of a header value: "...; name=token" or with the token in quotes.
std::optional<std::string> parameter_of(std::string_view value, std::string_view name) {
  value.remove_prefix(std::min(value.find(';'), value.size()));
  for (const auto& [key, content] : boost::beast::http::param_list({value.data(), value.size()})) {
    if (base::equal_ignoring_case({key.data(), key.size()}, name)) return std::string(content.data(), content.size());
  }
  return std::nullopt;
}

std::string boundary_of(const Request& request) {
  const std::string* type = request.header("content-type");
  if (type == nullptr || !starts_with(*type, "multipart/form-data")) {
    throw StatusError(415, "unsupported", "a body of the type multipart/form-data is required");
  }
  std::optional<std::string> boundary = parameter_of(*type, "boundary");
  if (!boundary || boundary->empty() || boundary->size() > 70) bad_form("no boundary of 1 to 70 characters");
  return *boundary;
}

FormPart parse_part(std::string_view text) {
  std::size_t end = text.find("\r\n\r\n");
  if (end == std::string_view::npos || end > kMaxPartHead) bad_form("a part without its empty line");
  FormPart part;
  part.content = text.substr(end + 4);
  bool named = false;
  for (std::string_view head = text.substr(0, end + 2); !head.empty();) {
    std::string_view line = head.substr(0, head.find("\r\n"));
    head.remove_prefix(line.size() + 2);
    if (!starts_with(line, "content-disposition:")) continue;
    std::optional<std::string> name = parameter_of(line, "name");
    std::optional<std::string> file = parameter_of(line, "filename");
    if (!name || !is_utf8(*name) || (file && !is_utf8(*file))) bad_form("a part without a name in UTF-8");
    part.name = *std::move(name);
    part.is_file = file.has_value();
    part.file_name = file.value_or("");
    named = true;
  }
  if (!named) bad_form("a part without Content-Disposition");
  return part;
}

}  // namespace

std::vector<FormPart> parse_multipart(const Request& request) {
  const std::string delimiter = "\r\n--" + boundary_of(request);
  std::string_view opening = std::string_view(delimiter).substr(2);
  std::string_view rest = request.body;
  if (!rest.starts_with(opening)) {  // there is a preamble
    std::size_t first = rest.find(delimiter);
    if (first == std::string_view::npos) bad_form("its boundary does not occur");
    rest.remove_prefix(first + 2);
  }
  rest.remove_prefix(opening.size());
  std::vector<FormPart> parts;
  while (!rest.starts_with("--")) {
    std::size_t end = rest.find(delimiter);
    if (!rest.starts_with("\r\n")) bad_form("a boundary inside a line");
    if (end == std::string_view::npos) bad_form("it ends inside a part");
    if (end < 2) bad_form("a part of no lines");  // the line end after the boundary begins the next delimiter
    if (parts.size() == kMaxParts) bad_form("more than 32 parts");
    parts.push_back(parse_part(rest.substr(2, end - 2)));
    rest.remove_prefix(end + delimiter.size());
  }
  return parts;
}

}  // namespace clipseek::http
