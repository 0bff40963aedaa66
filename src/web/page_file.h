// The page's files, which are embedded in the program (cmake/EmbedFiles.cmake).
#pragma once

#include <span>
#include <string_view>

namespace clipseek::web {

struct PageFile {
  std::string_view name;  // relative to src/web/page, as "app.js"
  std::string_view content;
};

// Returns the embedded files in the order of their names. They live as long as the program.
std::span<const PageFile> embedded_page_files();

}  // namespace clipseek::web
