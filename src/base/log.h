// Log lines on stderr, written by spdlog, which only log.cpp includes. Libraries log events that a person may want to
// follow; a failure that the caller must handle is thrown as an Error.
#pragma once

#include <string_view>

namespace clipseek::base {

enum class LogLevel { kDebug, kInfo, kWarn, kError, kOff };

// Any thread may call these functions. Messages below the level that set_log_level chose (at first kWarn) are dropped.
void set_log_level(LogLevel level);
void log(LogLevel level, std::string_view message);
inline void log_debug(std::string_view message) {
  log(LogLevel::kDebug, message);
}
inline void log_info(std::string_view message) {
  log(LogLevel::kInfo, message);
}
inline void log_warn(std::string_view message) {
  log(LogLevel::kWarn, message);
}
inline void log_error(std::string_view message) {
  log(LogLevel::kError, message);
}

}  // namespace clipseek::base
