#include "web/metrics.h"

#include <unistd.h>

#include <array>
#include <charconv>
#include <fstream>

namespace clipseek::web {
namespace {

std::string number(double value) {
  std::array<char, 32> text{};
  auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
  return {text.data(), end};
}

std::string head(std::string_view name, std::string_view type, std::string_view help) {
  return "# HELP " + std::string(name) + " " + std::string(help) + "\n# TYPE " + std::string(name) + " " +
         std::string(type) + "\n";
}

}  // namespace

void Metrics::count(const std::string& route, int status, std::chrono::steady_clock::duration time) {
  double seconds = std::chrono::duration<double>(time).count();
  std::lock_guard lock(mutex_);
  ++requests_[{route, status}];
  Histogram& times = times_[route];
  ++times.count;
  times.seconds += seconds;
  for (std::size_t i = 0; i < kBounds.size(); ++i) {
    if (seconds > kBounds[i]) continue;
    ++times.buckets[i];
    break;
  }
}

std::string Metrics::text() const {
  std::lock_guard lock(mutex_);
  std::string text = head("clipseek_http_requests_total", "counter", "Requests answered, by route and status.");
  for (const auto& [key, count] : requests_) {
    text += "clipseek_http_requests_total{route=\"" + key.first + "\",status=\"" + std::to_string(key.second) + "\"} " +
            std::to_string(count) + "\n";
  }
  constexpr std::string_view kName = "clipseek_http_request_seconds";
  text += head(kName, "histogram", "Time that a worker spent on a request, by route.");
  for (const auto& [route, times] : times_) {
    std::string label = "{route=\"" + route + "\"";
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < kBounds.size(); ++i) {
      sum += times.buckets[i];
      text +=
          std::string(kName) + "_bucket" + label + ",le=\"" + number(kBounds[i]) + "\"} " + std::to_string(sum) + "\n";
    }
    text += std::string(kName) + "_bucket" + label + ",le=\"+Inf\"} " + std::to_string(times.count) + "\n";
    text += std::string(kName) + "_sum" + label + "} " + number(times.seconds) + "\n";
    text += std::string(kName) + "_count" + label + "} " + std::to_string(times.count) + "\n";
  }
  return text;
}

std::string metric(std::string_view name, std::string_view type, std::string_view help, double value) {
  return head(name, type, help) + std::string(name) + " " + number(value) + "\n";
}

std::uint64_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t all = 0;
  std::uint64_t resident = 0;
  file >> all >> resident;
  return file ? resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) : 0;
}

}  // namespace clipseek::web
