// The page's files, which are a part of the program (cmake/EmbedFiles.cmake).
#pragma once

#include <span>
#include <string_view>

namespace clipseek::web {

struct PageFile {
  std::string_view name;  // relative to src/web/page, as "app.js"
  std::string_view content;
};

// For the program's life, in the order of their names.
std::span<const PageFile> embedded_page_files();

}  // namespace clipseek::web
