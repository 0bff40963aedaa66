// The only error type. A function throws an Error if it cannot do its work; an expected absence is a std::optional
// instead.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "clipseek/export.h"

namespace clipseek {

enum class ErrorCode {
  kInvalidArgument,  // an argument of the caller is invalid
  kNotFound,         // a file, folder, item or model does not exist
  kUnreadable,       // it exists, but a permission or the device refuses it
  kCorrupt,          // bytes that do not follow their format
  kUnsupported,      // well formed, but of a type that clipseek does not support
  kLimitExceeded,    // larger than a limit that protects memory or time
  kModelMismatch,    // vectors of another model, or a configuration that disagrees with its weights
  kStorage,          // the database or the disk failed: locked, full, read-only
  kUnavailable,      // a peer did not answer in time
  kCancelled,        // stopped on request
  kInternal,         // a bug in clipseek
};

// How each interface represents an ErrorCode. One table defines all of these values.
struct ErrorInfo {
  std::string_view name;  // stable, snake_case; used in JSON and in logs
  int exit_status;        // of the command
  int http_status;
  int ros_error_code;  // `error_code` of an action result, where 0 means success
};
// The result lives as long as the program. Any thread.
CLIPSEEK_API const ErrorInfo& error_info(ErrorCode code);

class CLIPSEEK_API Error : public std::runtime_error {
 public:
  // `message` names the file or value, and states what to do if that is not obvious.
  Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  ErrorCode code() const { return code_; }

 private:
  ErrorCode code_;
};

}  // namespace clipseek
