// What the server counts, as Prometheus reads it. Internal to web/.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace clipseek::web {

// Any thread.
class Metrics {
 public:
  void count(const std::string& route, int status, std::chrono::steady_clock::duration time);

  // Counters and times of requests in Prometheus' text format 0.0.4.
  std::string text() const;

 private:
  static constexpr std::array<double, 10> kBounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5};  // seconds
  struct Times {
    std::array<std::uint64_t, kBounds.size()> within{};  // not cumulative
    std::uint64_t count = 0;
    double seconds = 0;
  };

  mutable std::mutex mutex_;
  std::map<std::pair<std::string, int>, std::uint64_t> requests_;  // by route and status
  std::map<std::string, Times> times_;                             // by route
};

// "# HELP name help", "# TYPE name type" and one sample.
std::string metric(std::string_view name, std::string_view type, std::string_view help, double value);

// The process's resident memory, 0 where it is not known.
std::uint64_t resident_bytes();

}  // namespace clipseek::web
