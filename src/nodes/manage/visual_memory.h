// Stores what a robot has seen: features that arrive on a topic, with their time stamp, frame and thumbnail.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <stop_token>
#include <string>

#include "clipseek/catalog.h"
#include "nodes/manage/keyframe_meter.h"
#include "nodes/shared/clip_msgs.h"
#include "ros2/logger.h"

namespace clipseek::nodes {

// Items are validated: an item is dropped if it is from another model, has no valid feature, has a url that does not
// begin with "ros:" (which could replace the entry of a file) or has too much text; an invalid thumbnail is dropped
// without its item. The 1st, 2nd, 4th, 8th ... of each is logged.
class VisualMemory {
 public:
  // `catalog` and `logger` must outlive this object. An item is not stored if its feature has a cosine of at least
  // `threshold` with the previously stored one of the same camera; a threshold above 1 stores all items.
  VisualMemory(Catalog& catalog, EncoderInfo model, float threshold, const ThumbnailLimits& thumbnails,
               ros2::Logger& logger);

  // For the items that are taken from now on. By the thread of take().
  void set_threshold(float threshold) { threshold_ = threshold; }

  // Returns whether the item was stored. Throws Error kStorage when the database fails. By one thread at a time.
  bool take(const ClipItem& item);

  // Logs a summary of the time since the previous call, if anything was stored or refused in it, and deletes a limited
  // number of the oldest thumbnails beyond the limits, until a stop is requested. Called once a minute, by any thread.
  // Logs an Error.
  void tick(KeyframeMeter::Time now, const std::stop_token& stop);

  // What happened to the items since the start, and the number of items in the database. Any thread.
  KeyframeCounts counts() const { return meter_.counts(); }
  std::size_t items() const { return items_; }

 private:
  void check(const ClipItem& item) const;
  bool is_near_duplicate(const std::string& camera, const Embedding& embedding) const;
  std::string checked_thumbnail(const ClipItem& item);

  Catalog& catalog_;
  EncoderInfo model_;
  float threshold_;
  ThumbnailLimits thumbnails_;
  ros2::Logger& logger_;
  std::map<std::string, Embedding> last_stored_;  // by camera
  KeyframeMeter meter_;
  std::atomic<std::size_t> items_;  // in the database; counting them for each picture would take too long
};

}  // namespace clipseek::nodes
