// Answering goals for features: the actions of the two encoder nodes.
#pragma once

#include <functional>
#include <mutex>
#include <string>

#include "clip/encoder.h"
#include "nodes/clip_msgs.h"
#include "ros2/node.h"

namespace clipseek::nodes {

// Encoder::encode_images allows one call at a time; who holds this may make it.
using EncoderTurn = std::mutex;

// The item of an encoded picture, with its size and model in `extra`.
ClipItem picture_item(std::string url, EncodedImage image, const EncoderInfo& model);

// What a url of a goal names: a file's path, or the bytes in a "data:...;base64,..." URL (RFC 2397). Throws Error
// kCorrupt for a data URL that is none.
ImageInput picture_input(const std::string& url);

// A server of features of pictures. `encoder` and `turn` must outlive it. Pictures are encoded many at a time, or with
// `one_by_one` each alone, so that its feature is there soonest. Goals take turns after some pictures each.
ros2::ActionServer<GetFeatures> serve_pictures(ros2::Node& node, const std::string& action, Encoder& encoder,
                                               EncoderTurn& turn, bool one_by_one);

// A server of features of sentences.
ros2::ActionServer<GetFeatures> serve_texts(ros2::Node& node, const std::string& action, Encoder& encoder);

}  // namespace clipseek::nodes
