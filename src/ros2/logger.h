// The log of a node in ROS 2's format, written to the terminal, to a file and to the topic /rosout.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/unique_fd.h"
#include "ros2/arguments.h"

namespace clipseek::ros2 {

// One log line before formatting. `time_ns` is in nanoseconds since 1970-01-01 UTC.
struct LogLine {
  Severity severity = Severity::kInfo;
  std::int64_t time_ns = 0;
  std::string_view name;
  std::string_view message;
  std::string_view file;
  std::string_view function;
  unsigned line = 0;
};

std::string_view severity_text(Severity severity);

// Replaces the tokens {severity} {time} {time_as_nanoseconds} {name} {message} {function_name} {file_name}
// {line_number} of `format`; other text, unknown tokens included, stays as it is.
std::string format_log_line(std::string_view format, const LogLine& line);

// The folder for log files: $ROS_LOG_DIR, else $ROS_HOME/log, else ~/.ros/log.
std::string log_folder();

// The output for all nodes of this process: stderr (stdout if RCUTILS_LOGGING_USE_STDOUT=1) and one file. Thread-safe.
class LogOutput {
 public:
  explicit LogOutput(const Arguments& arguments);

  void write(const LogLine& line);
  // The path of the log file; empty before the first line is written and when no file is used.
  std::string file_path() const;

 private:
  void open_file();

  mutable std::mutex mutex_;
  std::string format_;
  std::string file_prefix_;
  bool console_;
  bool file_wanted_;
  int console_fd_;
  bool colour_;
  base::UniqueFd file_;
  std::string file_path_;
};

// The place of a call, as std::source_location, which clang 14 does not have with libstdc++.
struct SourceLocation {
  const char* file;
  const char* function;
  unsigned line;

  static constexpr SourceLocation current(const char* file = __builtin_FILE(),
                                          const char* function = __builtin_FUNCTION(),
                                          unsigned line = __builtin_LINE()) {
    return {file, function, line};
  }
};

// Thread-safe.
class Logger {
 public:
  using Publish = std::function<void(const LogLine&)>;  // to /rosout

  Logger(std::shared_ptr<LogOutput> output, std::string name, Severity level, Publish publish)
      : output_(std::move(output)), name_(std::move(name)), level_(level), publish_(std::move(publish)) {}

  const std::string& name() const { return name_; }
  Severity level() const { return level_; }
  void set_level(Severity level) { level_ = level; }
  bool enabled(Severity severity) const { return severity >= level_; }

  void log(Severity severity, std::string_view message, const SourceLocation& where = SourceLocation::current());
  void debug(std::string_view message, const SourceLocation& where = SourceLocation::current()) {
    log(Severity::kDebug, message, where);
  }
  void info(std::string_view message, const SourceLocation& where = SourceLocation::current()) {
    log(Severity::kInfo, message, where);
  }
  void warn(std::string_view message, const SourceLocation& where = SourceLocation::current()) {
    log(Severity::kWarn, message, where);
  }
  void error(std::string_view message, const SourceLocation& where = SourceLocation::current()) {
    log(Severity::kError, message, where);
  }

 private:
  std::shared_ptr<LogOutput> output_;
  std::string name_;
  std::atomic<Severity> level_;
  Publish publish_;
};

}  // namespace clipseek::ros2
