// What a robot has seen: features that arrive on a topic, stored with when and in which frame.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "clipseek/catalog.h"
#include "nodes/shared/clip_msgs.h"
#include "ros2/logger.h"

namespace clipseek::nodes {

// One thread at a time. Nothing of an item is believed: one of another model, without a feature of unit length, whose
// url does not begin with "ros:" (it could take the place of a file's) or that is larger than an item is, is dropped
// with a line in the log for the 1st, 2nd, 4th, 8th ...
class VisualMemory {
 public:
  // `catalog` and `logger` must outlive it. An item whose feature has a cosine of `threshold` or more with the one
  // stored before of its camera is not stored: a threshold above 1 stores all.
  VisualMemory(Catalog& catalog, EncoderInfo model, float threshold, ros2::Logger& logger);

  // Returns whether the item was stored. Throws Error kStorage when the database fails.
  bool take(const ClipItem& item);

 private:
  void check(const ClipItem& item) const;

  Catalog& catalog_;
  EncoderInfo model_;
  float threshold_;
  ros2::Logger& logger_;
  std::map<std::string, Embedding> last_stored_;  // by camera
  std::uint64_t bad_ = 0;
};

}  // namespace clipseek::nodes
