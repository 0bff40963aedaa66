#include "nodes/manage/keyframe_meter.h"

#include <cstdio>

namespace clipseek::nodes {

std::uint64_t KeyframeMeter::add(std::uint64_t KeyframeCounts::*count) {
  std::lock_guard lock(mutex_);
  return ++(counts_.*count);
}

std::optional<std::string> KeyframeMeter::line(Time now) {
  std::lock_guard lock(mutex_);
  auto since_report = [&](std::uint64_t KeyframeCounts::*count) { return counts_.*count - reported_.*count; };
  std::uint64_t stored = since_report(&KeyframeCounts::stored);
  std::uint64_t duplicates = since_report(&KeyframeCounts::near_duplicates);
  std::uint64_t refused = since_report(&KeyframeCounts::refused);
  std::uint64_t thumbnails = since_report(&KeyframeCounts::refused_thumbnails);
  auto seconds = std::chrono::round<std::chrono::seconds>(now - since_).count();
  reported_ = counts_;
  since_ = now;
  if (stored + refused + thumbnails == 0) return std::nullopt;
  std::string line = "Keyframes of the last " + std::to_string(seconds) + " s: " + std::to_string(stored) +
                     " stored, " + std::to_string(duplicates) + " near-duplicates left out, " +
                     std::to_string(refused) + " refused";
  if (thumbnails > 0) line += ", " + std::to_string(thumbnails) + " thumbnails refused";
  return line;
}

std::string thumbnail_text(const CatalogStats& stats) {
  char megabytes[32];
  std::snprintf(megabytes, sizeof megabytes, "%.1f", static_cast<double>(stats.thumbnail_bytes) / 1e6);
  return std::to_string(stats.thumbnails) + " thumbnails with " + megabytes + " MB";
}

}  // namespace clipseek::nodes
