#include "nodes/encode_image/perception.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "ros2/clock.h"

namespace clipseek::nodes {
namespace {

constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;
constexpr std::int64_t kLatest = std::int64_t{2'000'000'000} * kNanosecondsPerSecond;  // in 2033; below 2^31 s

ros2::Perf performance(const std::string& type, std::int64_t begin_ns, std::chrono::nanoseconds duration) {
  return {type, ros2::to_time(begin_ns), ros2::to_time(begin_ns + duration.count()),
          std::chrono::duration<double, std::milli>(duration).count()};
}

}  // namespace

std::vector<SentenceScore> score_sentences(std::span<const float> picture, const std::vector<Embedding>& sentences,
                                           float logit_scale, std::size_t count) {
  std::vector<SentenceScore> scores;
  for (std::size_t i = 0; i < sentences.size(); ++i) scores.push_back({i, cosine(picture, sentences[i]), 0});
  std::ranges::stable_sort(scores, std::greater<>(), &SentenceScore::cosine);
  float sum = 0;
  for (SentenceScore& score : scores) {
    score.probability = std::exp(logit_scale * (score.cosine - scores.front().cosine));
    sum += score.probability;
  }
  for (SentenceScore& score : scores) score.probability /= sum;
  scores.resize(std::min(count, scores.size()));
  return scores;
}

ros2::PerceptionTargets perception_message(const ros2::Header& header, const std::vector<std::string>& sentences,
                                           const std::vector<SentenceScore>& scores, const FrameTimes& times,
                                           double encoded_hz, const std::string& model) {
  ros2::Target scene;
  scene.type = "scene";
  for (const SentenceScore& score : scores) {
    scene.attributes.push_back({sentences.at(score.index), score.cosine, score.probability});
  }
  const std::int64_t stamp = header.stamp.sec * kNanosecondsPerSecond + header.stamp.nanosec;  // as the camera sent it
  const std::int64_t begin = std::clamp(stamp, std::int64_t{0}, kLatest);
  ros2::PerceptionTargets message;
  message.header = header;
  message.fps = static_cast<std::int16_t>(
      std::clamp(std::lround(encoded_hz), 0L, long{std::numeric_limits<std::int16_t>::max()}));
  message.perfs = {performance("preprocess", begin, times.preprocess),
                   performance(model, begin + times.preprocess.count(), times.infer)};
  message.targets.push_back(std::move(scene));
  return message;
}

Perception::Perception(ros2::Node& node, Encoder& encoder, std::vector<std::string> sentences, std::size_t count)
    : model_(encoder.info()),
      sentences_(std::move(sentences)),
      count_(count),
      publisher_(node.create_publisher<ros2::PerceptionTargets>("clip_perceptions")) {
  for (const std::string& sentence : sentences_) embeddings_.push_back(encoder.encode_text(sentence));
}

void Perception::publish(const ros2::Header& header, const Embedding& picture, const FrameTimes& times,
                         double encoded_hz) {
  publisher_.publish(perception_message(header, sentences_,
                                        score_sentences(picture, embeddings_, model_.logit_scale, count_), times,
                                        encoded_hz, model_.name));
}

}  // namespace clipseek::nodes
