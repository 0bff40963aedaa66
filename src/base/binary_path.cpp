#include "base/binary_path.h"

#include <dlfcn.h>
#include <link.h>

namespace clipseek::base {

namespace fs = std::filesystem;

std::optional<fs::path> binary_path() {
  std::error_code error;
  Dl_info symbol{};
  link_map* object = nullptr;
  const bool found = dladdr1(reinterpret_cast<const void*>(&binary_path), &symbol, reinterpret_cast<void**>(&object),
                             RTLD_DL_LINKMAP) != 0;
  // The dynamic linker has no name for the program itself.
  const bool is_shared_library = found && object != nullptr && object->l_name[0] != '\0';
  fs::path path = is_shared_library ? fs::canonical(object->l_name, error) : fs::read_symlink("/proc/self/exe", error);
  return error ? std::nullopt : std::optional(path);
}

}  // namespace clipseek::base
