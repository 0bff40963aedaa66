// The one error type. An Error is thrown where a job cannot be done and caught at the edges only: main, the HTTP
// handler, the DDS callback. An expected absence is a std::optional instead.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace clipseek {

enum class ErrorCode {
  kInvalidArgument,  // the caller asked for something that makes no sense
  kNotFound,         // a file, folder, item or model that is not there
  kUnreadable,       // there, but permission or the device refuses it
  kCorrupt,          // bytes that do not follow their format
  kUnsupported,      // well formed, but a kind that clipseek does not handle
  kLimitExceeded,    // larger than a limit that protects memory or time
  kModelMismatch,    // vectors of another model, or a config that disagrees with its weights
  kStorage,          // the database or the disk failed: locked, full, read-only
  kUnavailable,      // a peer did not answer in time
  kCancelled,        // stopped on request
  kInternal,         // a bug in clipseek
};

// What an ErrorCode is called and becomes at each edge. One table in error.cpp holds them all.
struct ErrorInfo {
  std::string_view name;  // stable, snake_case: goes into JSON and logs
  int exit_status;        // of a command
  int http_status;
  int ros_error_code;  // `error_code` of an action result; 0 means success there
};
const ErrorInfo& error_info(ErrorCode code);

class Error : public std::runtime_error {
 public:
  // `message` names the file or value, and says what to do where that is not plain.
  Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  ErrorCode code() const { return code_; }

 private:
  ErrorCode code_;
};

// The Error for a failed system call on `path`, from errno: "cannot open a/b.jpg: Permission denied".
Error system_error(std::string_view action, std::string_view path, int error_number);

}  // namespace clipseek
