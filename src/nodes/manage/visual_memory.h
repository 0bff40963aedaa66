// Stores what a robot has seen: features that arrive on a topic, with their time stamp and frame.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "clipseek/catalog.h"
#include "nodes/shared/clip_msgs.h"
#include "ros2/logger.h"

namespace clipseek::nodes {

// Not thread-safe. Items are validated: an item is dropped if it is from another model, has no valid feature, has a url
// that does not begin with "ros:" (which could replace the entry of a file) or has too much text. The 1st, 2nd, 4th,
// 8th ... dropped item is logged.
class VisualMemory {
 public:
  // `catalog` and `logger` must outlive this object. An item is not stored if its feature has a cosine of at least
  // `threshold` with the previously stored one of the same camera; a threshold above 1 stores all items.
  VisualMemory(Catalog& catalog, EncoderInfo model, float threshold, ros2::Logger& logger);

  void set_threshold(float threshold) { threshold_ = threshold; }

  // Returns whether the item was stored. Throws Error kStorage when the database fails.
  bool take(const ClipItem& item);

 private:
  void check(const ClipItem& item) const;

  Catalog& catalog_;
  EncoderInfo model_;
  float threshold_;
  ros2::Logger& logger_;
  std::map<std::string, Embedding> last_stored_;  // by camera
  std::uint64_t rejected_ = 0;
};

}  // namespace clipseek::nodes
