#include "nodes/encode_image/perception.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "ros2/clock.h"

namespace clipseek::nodes {
namespace {

ros2::Perf performance(const std::string& type, const Stage& stage) {
  return {type, ros2::to_time(stage.begin_ns), ros2::to_time(stage.begin_ns + stage.duration.count()),
          std::chrono::duration<double, std::milli>(stage.duration).count()};
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
                                           const std::vector<SentenceScore>& scores, const Stages& stages,
                                           double encoded_hz, const std::string& model) {
  ros2::Target scene;
  scene.type = "scene";
  for (const SentenceScore& score : scores) {
    scene.attributes.push_back({sentences.at(score.index), score.cosine, score.probability});
  }
  ros2::PerceptionTargets message;
  message.header = header;
  message.fps = static_cast<std::int16_t>(
      std::clamp(std::lround(encoded_hz), 0L, long{std::numeric_limits<std::int16_t>::max()}));
  message.perfs = {performance("preprocess", stages.preprocess), performance(model, stages.infer)};
  message.targets.push_back(std::move(scene));
  return message;
}

Perception::Perception(ros2::Node& node, Encoder& encoder, std::vector<std::string> sentences, std::size_t count)
    : model_(encoder.info()),
      sentences_(std::move(sentences)),
      count_(count),
      publisher_(
          node.create_publisher<ros2::PerceptionTargets>("clip_perceptions", node.publisher_qos("clip_perceptions"))) {
  for (const std::string& sentence : sentences_) embeddings_.push_back(encoder.encode_text(sentence));
}

void Perception::publish(const ros2::Header& header, const Embedding& picture, const Stages& stages,
                         double encoded_hz) {
  publisher_.publish(perception_message(header, sentences_,
                                        score_sentences(picture, embeddings_, model_.logit_scale, count_), stages,
                                        encoded_hz, model_.name));
}

}  // namespace clipseek::nodes
