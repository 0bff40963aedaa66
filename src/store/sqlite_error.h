// Converts SQLite's errors to Error. Internal to store/.
#pragma once

#include <filesystem>
#include <utility>

namespace clipseek::store {

// How long a connection waits for another process's lock before it gives up.
inline constexpr int kBusyTimeoutMs = 5000;

// Must be called inside a catch block: rethrows an SQLite error as an Error that names `file`, and another exception
// unchanged.
[[noreturn]] void rethrow_as_error(const std::filesystem::path& file);

template <typename Function>
decltype(auto) with_errors_of(const std::filesystem::path& file, Function&& function) {
  try {
    return std::forward<Function>(function)();
  } catch (...) {
    rethrow_as_error(file);
  }
}

}  // namespace clipseek::store
