#include "cli/node_program.h"

#include <unistd.h>

#include "clipseek/error.h"

namespace clipseek::cli {
namespace {

namespace fs = std::filesystem;

bool is_program(const fs::path& file) {
  std::error_code error;
  return fs::is_regular_file(file, error) && ::access(file.c_str(), X_OK) == 0;
}

}  // namespace

fs::path find_node_program(const std::string& package, const std::string& executable) {
  fs::path folder = fs::read_symlink("/proc/self/exe").parent_path();
  fs::path built = folder / executable;
  fs::path installed = folder.parent_path() / "lib" / package / executable;
  if (is_program(built)) return built;
  if (is_program(installed)) return installed;
  throw Error(ErrorCode::kNotFound, "cannot find the program " + executable + ", neither as " + built.string() +
                                        " nor as " + installed.string() +
                                        ": install the package clipseek-ros2, or build clipseek with Fast DDS");
}

std::string namespace_rule(const std::string& name_space) {
  return (name_space.starts_with('/') ? "__ns:=" : "__ns:=/") + name_space;
}

}  // namespace clipseek::cli
