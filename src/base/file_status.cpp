#include "base/file_status.h"

#include "base/system_error.h"

namespace clipseek::base {

namespace fs = std::filesystem;

fs::file_type file_type_at(const fs::path& path) {
  std::error_code error;
  fs::file_type type = fs::status(path, error).type();
  if (type == fs::file_type::none) throw system_error("access", path.string(), error.value());
  return type;
}

bool file_exists(const fs::path& path) {
  return file_type_at(path) != fs::file_type::not_found;
}

}  // namespace clipseek::base
