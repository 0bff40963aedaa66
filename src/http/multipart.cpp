#include "http/multipart.h"

#include <optional>

#include "http/head.h"

namespace clipseek::http {
namespace {

constexpr std::size_t kMaxParts = 32;
constexpr std::size_t kMaxPartHead = 4096;

[[noreturn]] void bad(const std::string& why) {
  throw StatusError(400, "bad_request", "the form is damaged: " + why);
}

bool begins_with_ignoring_case(std::string_view text, std::string_view lower) {
  if (text.size() < lower.size()) return false;
  for (std::size_t i = 0; i < lower.size(); ++i) {
    char letter = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] + 32) : text[i];
    if (letter != lower[i]) return false;
  }
  return true;
}

// The parameter `name` of a header value: ; name=token or ; name="quoted", where a backslash protects a quote or a
// backslash.
std::optional<std::string> parameter_of(std::string_view value, std::string_view name) {
  for (std::size_t at = value.find(';'); at != std::string_view::npos;) {
    std::size_t start = value.find_first_not_of(" \t", at + 1);
    std::size_t equals = start == std::string_view::npos ? start : value.find('=', start);
    if (equals == std::string_view::npos) return std::nullopt;
    bool wanted = equals - start == name.size() && begins_with_ignoring_case(value.substr(start), name);
    std::string content;
    std::size_t i = equals + 1;
    if (i < value.size() && value[i] == '"') {
      for (++i; i < value.size() && value[i] != '"'; ++i) {
        bool escape = value[i] == '\\' && i + 1 < value.size() && (value[i + 1] == '"' || value[i + 1] == '\\');
        if (escape) ++i;
        content += value[i];
      }
    } else {
      while (i < value.size() && value[i] != ';' && value[i] != ' ') content += value[i++];
    }
    if (wanted) return content;
    at = value.find(';', i);
  }
  return std::nullopt;
}

std::string boundary_of(const Request& request) {
  const std::string* type = request.header("content-type");
  if (type == nullptr || !begins_with_ignoring_case(*type, "multipart/form-data")) {
    throw StatusError(415, "unsupported", "a body of the type multipart/form-data is wanted");
  }
  std::optional<std::string> boundary = parameter_of(*type, "boundary");
  if (!boundary || boundary->empty() || boundary->size() > 70) bad("no boundary of 1 to 70 characters");
  return *boundary;
}

FormPart parse_part(std::string_view text) {
  std::size_t end = text.find("\r\n\r\n");
  if (end == std::string_view::npos || end > kMaxPartHead) bad("a part without its empty line");
  FormPart part;
  part.content = text.substr(end + 4);
  bool named = false;
  for (std::string_view head = text.substr(0, end + 2); !head.empty();) {
    std::size_t line_end = head.find("\r\n");
    std::string_view line = head.substr(0, line_end);
    head.remove_prefix(line_end + 2);
    if (!begins_with_ignoring_case(line, "content-disposition:")) continue;
    std::optional<std::string> name = parameter_of(line, "name");
    std::optional<std::string> file = parameter_of(line, "filename");
    if (!name || !is_utf8(*name) || (file && !is_utf8(*file))) bad("a part without a name in UTF-8");
    part.name = *std::move(name);
    part.is_file = file.has_value();
    part.file_name = file.value_or("");
    named = true;
  }
  if (!named) bad("a part without Content-Disposition");
  return part;
}

}  // namespace

std::vector<FormPart> parse_multipart(const Request& request) {
  const std::string delimiter = "\r\n--" + boundary_of(request);
  std::string_view body = request.body;
  // The first delimiter may stand at the very beginning, without its line end.
  std::string_view opening = std::string_view(delimiter).substr(2);
  std::size_t at = 0;
  if (!body.starts_with(opening)) {
    at = body.find(delimiter);
    if (at == std::string_view::npos) bad("its boundary does not occur");
    at += 2;
  }
  at += opening.size();
  std::vector<FormPart> parts;
  for (;;) {
    std::string_view rest = body.substr(at);
    if (rest.starts_with("--")) return parts;
    std::size_t blank = rest.find_first_not_of(" \t");
    if (blank == std::string_view::npos || !rest.substr(blank).starts_with("\r\n")) bad("a boundary inside a line");
    if (parts.size() == kMaxParts) bad("more than 32 parts");
    std::size_t start = at + blank + 2;
    std::size_t end = body.find(delimiter, start);
    if (end == std::string_view::npos) bad("it ends inside a part");
    parts.push_back(parse_part(body.substr(start, end - start)));
    at = end + delimiter.size();
  }
}

}  // namespace clipseek::http
