#include "ros2/logger.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "base/log.h"
#include "ros2/clock.h"

namespace clipseek::ros2 {
namespace {

constexpr std::string_view kDefaultFormat = "[{severity}] [{time}] [{name}]: {message}";
constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;

std::string variable(const char* name, std::string_view fallback = "") {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? std::string(fallback) : value;
}

// At least ten digits of seconds and nine of nanoseconds.
std::string time_text(std::int64_t time_ns, bool with_dot) {
  std::string seconds = std::to_string(time_ns / kNanosecondsPerSecond);
  std::string rest = std::to_string(time_ns % kNanosecondsPerSecond);
  seconds.insert(0, seconds.size() < 10 ? 10 - seconds.size() : 0, '0');
  rest.insert(0, rest.size() < 9 ? 9 - rest.size() : 0, '0');
  return seconds.append(with_dot ? "." : "").append(rest);
}

std::string token_text(std::string_view token, const LogLine& line) {
  if (token == "severity") return std::string(severity_text(line.severity));
  if (token == "time") return time_text(line.time_ns, true);
  if (token == "time_as_nanoseconds") return time_text(line.time_ns, false);
  if (token == "name") return std::string(line.name);
  if (token == "message") return std::string(line.message);
  if (token == "function_name") return std::string(line.function);
  if (token == "file_name") return std::string(line.file);
  if (token == "line_number") return std::to_string(line.line);
  return std::string("{").append(token).append("}");
}

std::string_view colour_of(Severity severity) {
  switch (severity) {
    case Severity::kDebug:
      return "\033[32m";
    case Severity::kWarn:
      return "\033[33m";
    case Severity::kError:
    case Severity::kFatal:
      return "\033[31m";
    default:
      return "\033[0m";
  }
}

// Write errors are ignored, because a log that cannot be written must not stop a robot.
void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

bool wants_colour(int fd) {
  std::string chosen = variable("RCUTILS_COLORIZED_OUTPUT");
  return chosen.empty() ? ::isatty(fd) == 1 : chosen == "1";
}

std::string program_name() {
  std::error_code error;
  std::string name = std::filesystem::read_symlink("/proc/self/exe", error).filename().string();
  return name.empty() ? "clipseek" : name;
}

}  // namespace

std::string_view severity_text(Severity severity) {
  switch (severity) {
    case Severity::kUnset:
      return "UNSET";
    case Severity::kDebug:
      return "DEBUG";
    case Severity::kInfo:
      return "INFO";
    case Severity::kWarn:
      return "WARN";
    case Severity::kError:
      return "ERROR";
    case Severity::kFatal:
      return "FATAL";
  }
  return "UNSET";
}

std::string format_log_line(std::string_view format, const LogLine& line) {
  std::string text;
  while (!format.empty()) {
    std::size_t open = std::min(format.find('{'), format.size());
    text += format.substr(0, open);
    format.remove_prefix(open);
    std::size_t close = format.find('}');
    if (close == std::string_view::npos) return text.append(format);
    text += token_text(format.substr(1, close - 1), line);
    format.remove_prefix(close + 1);
  }
  return text;
}

std::string log_folder() {
  std::string folder = variable("ROS_LOG_DIR");
  if (!folder.empty()) return folder;
  std::string home = variable("ROS_HOME");
  if (home.empty()) home = variable("HOME", ".") + "/.ros";
  return home + "/log";
}

LogOutput::LogOutput(const Arguments& arguments)
    : format_(variable("RCUTILS_CONSOLE_OUTPUT_FORMAT", kDefaultFormat)),
      file_prefix_(arguments.log_file_name.empty() ? program_name() : arguments.log_file_name),
      console_(arguments.console_logs),
      file_wanted_(arguments.file_logs),
      console_fd_(variable("RCUTILS_LOGGING_USE_STDOUT") == "1" ? STDOUT_FILENO : STDERR_FILENO),
      colour_(wants_colour(console_fd_)) {}

void LogOutput::open_file() {
  file_wanted_ = false;  // only one attempt
  std::filesystem::path folder = log_folder();
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  std::string name = file_prefix_ + "_" + std::to_string(::getpid()) + "_" + std::to_string(now_ns() / 1'000'000);
  std::filesystem::path path = folder / (name + ".log");
  file_ = base::UniqueFd(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  if (file_) {
    file_path_ = path;
  } else {
    base::log_warn("cannot create the log file " + path.string());
  }
}

void LogOutput::write(const LogLine& line) {
  std::string text = format_log_line(format_, line);
  std::lock_guard lock(mutex_);
  if (file_wanted_) open_file();
  if (file_) write_all(file_.get(), text + "\n");
  if (!console_) return;
  if (colour_) text = std::string(colour_of(line.severity)).append(text).append("\033[0m");
  write_all(console_fd_, text + "\n");
}

std::string LogOutput::file_path() const {
  std::lock_guard lock(mutex_);
  return file_path_;
}

void Logger::log(Severity severity, std::string_view message, const SourceLocation& where) {
  if (!enabled(severity)) return;
  LogLine line{severity, now_ns(), name_, message, where.file, where.function, where.line};
  output_->write(line);
  if (publish_) publish_(line);
}

}  // namespace clipseek::ros2
