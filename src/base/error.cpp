#include "clipseek/error.h"

namespace clipseek {

const ErrorInfo& error_info(ErrorCode code) {
  static constexpr ErrorInfo kInvalidArgument{"invalid_argument", 2, 400, 1};
  static constexpr ErrorInfo kNotFound{"not_found", 1, 404, 2};
  static constexpr ErrorInfo kUnreadable{"unreadable", 1, 403, 3};
  static constexpr ErrorInfo kCorrupt{"corrupt", 1, 422, 4};
  static constexpr ErrorInfo kUnsupported{"unsupported", 1, 415, 5};
  static constexpr ErrorInfo kLimitExceeded{"limit_exceeded", 1, 413, 6};
  static constexpr ErrorInfo kModelMismatch{"model_mismatch", 1, 409, 7};
  static constexpr ErrorInfo kStorage{"storage", 1, 503, 8};
  static constexpr ErrorInfo kUnavailable{"unavailable", 1, 503, 9};
  static constexpr ErrorInfo kCancelled{"cancelled", 1, 503, 10};
  static constexpr ErrorInfo kInternal{"internal", 1, 500, 11};
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return kInvalidArgument;
    case ErrorCode::kNotFound:
      return kNotFound;
    case ErrorCode::kUnreadable:
      return kUnreadable;
    case ErrorCode::kCorrupt:
      return kCorrupt;
    case ErrorCode::kUnsupported:
      return kUnsupported;
    case ErrorCode::kLimitExceeded:
      return kLimitExceeded;
    case ErrorCode::kModelMismatch:
      return kModelMismatch;
    case ErrorCode::kStorage:
      return kStorage;
    case ErrorCode::kUnavailable:
      return kUnavailable;
    case ErrorCode::kCancelled:
      return kCancelled;
    case ErrorCode::kInternal:
      return kInternal;
  }
  return kInternal;
}

}  // namespace clipseek
