#include "base/system_error.h"

#include <cerrno>
#include <new>
#include <string>
#include <system_error>

namespace clipseek::base {

namespace fs = std::filesystem;

Error system_error(std::string_view action, std::string_view path, int error_number) {
  ErrorCode code = ErrorCode::kUnreadable;
  if (error_number == ENOENT || error_number == ENOTDIR) code = ErrorCode::kNotFound;
  if (error_number == ENOSPC || error_number == EROFS || error_number == EDQUOT) code = ErrorCode::kStorage;
  std::string message = "cannot " + std::string(action) + " " + std::string(path) + ": ";
  return Error(code, message + std::generic_category().message(error_number));
}

Error system_error(const fs::filesystem_error& error) {
  const fs::path& path = error.path1();
  // Among the calls of std::filesystem only current_path() reports an error without a path.
  return path.empty() ? system_error("find", "the current folder", error.code().value())
                      : system_error("access", path.string(), error.code().value());
}

Error current_error() {
  try {
    throw;
  } catch (const Error& error) {
    return error;
  } catch (const fs::filesystem_error& error) {
    return system_error(error);
  } catch (const std::bad_alloc&) {
    return Error(ErrorCode::kLimitExceeded, "out of memory");
  } catch (const std::exception& error) {
    return Error(ErrorCode::kInternal, std::string("internal error: ") + error.what());
  }
}

}  // namespace clipseek::base
