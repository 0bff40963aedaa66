// What the encoder nodes say of a picture or sentence beside its feature: "key=value" entries of ClipItem::extra.
// docs/nodes.md, "extra", lists the keys.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "clipseek/error.h"
#include "nodes/shared/clip_msgs.h"

namespace clipseek::nodes {

inline constexpr std::string_view kModelKey = "model";  // the fingerprint of the model that made the feature
inline constexpr std::string_view kWidthKey = "width";  // of the picture as a person sees it, in pixels
inline constexpr std::string_view kHeightKey = "height";
inline constexpr std::string_view kStampKey = "stamp";  // of a picture from a topic: "seconds.nanoseconds" since 1970
inline constexpr std::string_view kFrameKey = "frame_id";
inline constexpr std::string_view kErrorCodeKey = "error_code";
inline constexpr std::string_view kErrorKey = "error";

void add_extra(ClipItem& item, std::string_view key, std::string_view value);
// Empty where the item has no such entry.
std::string find_extra(const ClipItem& item, std::string_view key);
// 0 where the item has no such entry, or one that is no number from 0 to 1,000,000.
int find_size(const ClipItem& item, std::string_view key);

// Says in `extra` why the item has no feature.
void add_error(ClipItem& item, const Error& error);
// Why the item has no feature; nothing if it has one.
std::optional<Error> item_error(const ClipItem& item);

// The code that error_info() gives this number; kInternal for numbers of others.
ErrorCode from_ros_error_code(std::int32_t number);

}  // namespace clipseek::nodes
