// Serves the files of the web page.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "http/message.h"

namespace clipseek::web {

class Page {
 public:
  Page();
  // Returns the response for "/", "/app/..." and the icon; throws StatusError 404 for any other path. Any thread.
  http::Response get(const http::Request& request) const;
  static bool owns(std::string_view path) { return path == "/" || path.starts_with("/app/") || path == "/favicon.ico"; }

 private:
  struct File {
    std::string type;
    std::string tag;
    std::shared_ptr<const std::string> content;
  };
  std::map<std::string, File, std::less<>> files_;  // by path
};

}  // namespace clipseek::web
