#include "web/page.h"

#include <utility>

#include "base/mapped_file.h"
#include "web/page_file.h"
#include "web/reply.h"

namespace clipseek::web {
namespace {

constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'";

std::string type_of(std::string_view name) {
  static constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {"html", "text/html; charset=utf-8"},
      {"css", "text/css; charset=utf-8"},
      {"js", "text/javascript; charset=utf-8"},
      {"mjs", "text/javascript; charset=utf-8"},
      {"json", "application/json"},
      {"webmanifest", "application/manifest+json"},
      {"svg", "image/svg+xml"},
      {"png", "image/png"},
      {"jpg", "image/jpeg"},
      {"webp", "image/webp"},
      {"ico", "image/x-icon"},
      {"woff2", "font/woff2"},
      {"txt", "text/plain; charset=utf-8"},
  };
  std::string_view extension = name.substr(name.rfind('.') + 1);
  for (const auto& [known, type] : kTypes) {
    if (known == extension) return std::string(type);
  }
  return "application/octet-stream";
}

}  // namespace

Page::Page() {
  for (const PageFile& embedded : embedded_page_files()) {
    std::string name(embedded.name);
    std::string tag = base::content_hash(std::as_bytes(std::span(embedded.content)));
    File file{type_of(name), std::move(tag), std::make_shared<const std::string>(embedded.content)};
    if (name == "index.html") files_["/"] = file;
    if (name == "favicon.ico" || (name == "favicon.svg" && !files_.contains("/favicon.ico"))) {
      files_["/favicon.ico"] = file;
    }
    files_["/app/" + name] = std::move(file);
  }
}

http::Response Page::get(const http::Request& request) const {
  auto found = files_.find(request.path);
  if (found == files_.end()) throw http::StatusError(404, "not_found", "there is nothing at " + request.path);
  const File& file = found->second;
  http::Response response = with_tag(request, file.tag, "no-cache", [&] {
    http::Response full;
    full.body = file.content;
    return full;
  });
  response.set("Content-Type", file.type);
  response.set("Content-Security-Policy", std::string(kPolicy));
  return response;
}

}  // namespace clipseek::web
