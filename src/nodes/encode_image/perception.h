// Publishes how well each sentence of a list describes a picture, as TROS's dashboards read it.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "clipseek/model.h"
#include "ros2/msg/ai_msgs.h"
#include "ros2/node.h"

namespace clipseek::nodes {

// A sentence of the list, by its index, and its scores for a picture.
struct SentenceScore {
  std::size_t index = 0;
  float cosine = 0;
  float probability = 0;  // softmax(logit_scale * cosine) over all sentences of the list
};

// A step of the work on a picture.
struct Stage {
  std::int64_t begin_ns = 0;  // since 1970
  std::chrono::nanoseconds duration{0};
};
struct Stages {
  Stage preprocess;
  Stage infer;
};

// Returns the best `count` sentences, best first. `sentences` have the length of `picture`.
std::vector<SentenceScore> score_sentences(std::span<const float> picture, const std::vector<Embedding>& sentences,
                                           float logit_scale, std::size_t count);

// The message of a picture: one target "scene" with an attribute for each score, whose type is the sentence, whose
// value is the cosine and whose confidence is the probability; and the stages as performance entries.
ros2::PerceptionTargets perception_message(const ros2::Header& header, const std::vector<std::string>& sentences,
                                           const std::vector<SentenceScore>& scores, const Stages& stages,
                                           double encoded_hz, const std::string& model);

// Not thread-safe.
class Perception {
 public:
  // Encodes the sentences, which must not be empty. Publishes the best `count` of each picture on clip_perceptions.
  // Throws Error.
  Perception(ros2::Node& node, Encoder& encoder, std::vector<std::string> sentences, std::size_t count);

  void publish(const ros2::Header& header, const Embedding& picture, const Stages& stages, double encoded_hz);

 private:
  EncoderInfo model_;
  std::vector<std::string> sentences_;
  std::size_t count_;
  std::vector<Embedding> embeddings_;
  ros2::Publisher<ros2::PerceptionTargets> publisher_;
};

}  // namespace clipseek::nodes
