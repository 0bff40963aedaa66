// The server's metrics for Prometheus. Internal to web/.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace clipseek::web {

// Thread-safe.
class Metrics {
 public:
  void count(const std::string& route, int status, std::chrono::steady_clock::duration time);

  // Returns the request counters and times in Prometheus' text format 0.0.4.
  std::string text() const;

 private:
  static constexpr std::array<double, 10> kBounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5};  // seconds
  struct Histogram {
    std::array<std::uint64_t, kBounds.size()> buckets{};  // not cumulative
    std::uint64_t count = 0;
    double seconds = 0;
  };

  mutable std::mutex mutex_;
  std::map<std::pair<std::string, int>, std::uint64_t> requests_;  // by route and status
  std::map<std::string, Histogram> times_;                         // by route
};

// Returns one metric in the text format: "# HELP name help", "# TYPE name type" and one sample.
std::string metric(std::string_view name, std::string_view type, std::string_view help, double value);

// Returns the process's resident memory in bytes, 0 where it is not known.
std::uint64_t resident_bytes();

}  // namespace clipseek::web
