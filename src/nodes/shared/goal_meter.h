// Counts the goals of an encoder node, for its diagnostics.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "clipseek/error.h"

namespace clipseek::nodes {

struct GoalStatus {
  std::uint64_t active = 0;
  std::uint64_t received = 0;
  std::uint64_t items = 0;   // pictures or sentences of all goals
  std::uint64_t failed = 0;  // of the items
  double items_hz = 0;       // since the previous call of status()
  std::string last_error;    // of an item or a goal
};

// Thread-safe.
class GoalMeter {
 public:
  // Exists while a goal is executed.
  class Active {
   public:
    explicit Active(GoalMeter& meter);
    ~Active();
    Active(const Active&) = delete;
    Active& operator=(const Active&) = delete;

   private:
    GoalMeter& meter_;
  };

  // Counts an item, with the reason why it could not be encoded.
  void add_item(const std::optional<Error>& error);
  // Keeps the error that ended a goal.
  void add_error(const Error& error);

  // `now` is monotonic.
  GoalStatus status(std::chrono::steady_clock::time_point now);

 private:
  std::mutex mutex_;
  GoalStatus status_;
  std::uint64_t items_before_ = 0;
  std::optional<std::chrono::steady_clock::time_point> before_;
};

}  // namespace clipseek::nodes
