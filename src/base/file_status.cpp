#include "base/file_status.h"

namespace clipseek {

namespace fs = std::filesystem;

fs::file_type file_type_at(const fs::path& path) {
  std::error_code error;
  fs::file_type type = fs::status(path, error).type();
  if (type == fs::file_type::none) throw system_error("reach", path.string(), error.value());
  return type;
}

Error system_error(const fs::filesystem_error& error) {
  const fs::path& path = error.path1();
  // Of all its calls only current_path() names no path.
  return path.empty() ? system_error("find", "the current folder", error.code().value())
                      : system_error("reach", path.string(), error.code().value());
}

}  // namespace clipseek
