// Counts what happened to the pictures of topics, for the summary that is logged once a minute.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "clipseek/catalog.h"

namespace clipseek::nodes {

struct KeyframeCounts {
  std::uint64_t stored = 0;
  std::uint64_t near_duplicates = 0;  // not stored
  std::uint64_t refused = 0;
  std::uint64_t refused_thumbnails = 0;  // of pictures that were stored
};

// Thread-safe. `now` is monotonic.
class KeyframeMeter {
 public:
  using Time = std::chrono::steady_clock::time_point;
  explicit KeyframeMeter(Time now) : since_(now) {}

  void add_stored() { add(&KeyframeCounts::stored); }
  void add_near_duplicate() { add(&KeyframeCounts::near_duplicates); }
  // These return the number of refusals since the start.
  std::uint64_t add_refused() { return add(&KeyframeCounts::refused); }
  std::uint64_t add_refused_thumbnail() { return add(&KeyframeCounts::refused_thumbnails); }

  KeyframeCounts counts() const {  // since the start
    std::lock_guard lock(mutex_);
    return counts_;
  }

  // "Keyframes of the last 60 s: 12 stored, 231 near-duplicates left out, 0 refused": since the previous call. Returns
  // std::nullopt if nothing was stored or refused in that time.
  std::optional<std::string> line(Time now);

 private:
  std::uint64_t add(std::uint64_t KeyframeCounts::*count);

  mutable std::mutex mutex_;
  Time since_;
  KeyframeCounts counts_;    // since the start
  KeyframeCounts reported_;  // those of earlier lines
};

// "3990 thumbnails with 41.2 MB": how a line continues.
std::string thumbnail_text(const CatalogStats& stats);

}  // namespace clipseek::nodes
