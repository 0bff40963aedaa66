// The "key=value" entries of ClipItem::extra, which hold further data about a picture or sentence. docs/nodes.md,
// "extra", lists the keys.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "clipseek/error.h"
#include "nodes/shared/clip_msgs.h"

namespace clipseek::nodes {

inline constexpr std::string_view kModelKey = "model";  // the fingerprint of the model that made the feature
inline constexpr std::string_view kWidthKey = "width";  // of the picture after EXIF rotation, in pixels
inline constexpr std::string_view kHeightKey = "height";
inline constexpr std::string_view kStampKey = "stamp";  // of a picture from a topic: "seconds.nanoseconds" since 1970
inline constexpr std::string_view kFrameKey = "frame_id";
inline constexpr std::string_view kThumbnailKey = "thumbnail";  // "data:image/jpeg;base64,..."
inline constexpr std::string_view kErrorCodeKey = "error_code";
inline constexpr std::string_view kErrorKey = "error";

void add_extra(ClipItem& item, std::string_view key, std::string_view value);
// The value of the entry; empty if the item has no such entry.
std::string find_extra(const ClipItem& item, std::string_view key);
// The value of the entry as a number of pixels; 0 if there is no such entry or it is not a number from 0 to 1,000,000.
int find_size(const ClipItem& item, std::string_view key);

// Adds the entries that describe why the item has no feature.
void add_error(ClipItem& item, const Error& error);
// The reason why the item has no feature; std::nullopt if it has one.
std::optional<Error> item_error(const ClipItem& item);

// The error code whose error_info().ros_error_code is `number`; kInternal for unknown numbers.
ErrorCode from_ros_error_code(std::int32_t number);

}  // namespace clipseek::nodes
