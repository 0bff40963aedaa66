// Answering queries: what is found goes into the log, the result folder and the topic ~/results.
#pragma once

#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "nodes/clip_msgs.h"
#include "nodes/remote_encoder.h"
#include "nodes/result_folder.h"
#include "ros2/msg/std_msgs.h"
#include "ros2/node.h"

namespace clipseek::nodes {

// Any thread; queries take turns. What is passed must outlive it.
class QueryDesk {
 public:
  // `topk`: how many pictures are found where a query does not say. `results` gets every answer,
  // after `before_publishing`, where there is one.
  QueryDesk(ros2::Node& node, RemoteEncoder& encoder, Catalog& catalog, std::filesystem::path result_folder,
            std::size_t topk, ros2::Publisher<ros2::String> results, std::function<void()> before_publishing = nullptr);

  // The feature of a sentence, a picture, or the mean of both. Throws Error kInvalidArgument where both are empty,
  // kCancelled when `stop` is requested.
  Embedding encode(const std::string& text, const std::string& url, const std::stop_token& stop);

  // The pictures nearest to `query`, the feature of `text` and `url`; `topk` 0: as many as usual. Throws Error. They
  // are written into the result folder and published; where the folder cannot be written, written() throws why.
  std::vector<SearchHit> answer(const std::string& text, const std::string& url, const Embedding& query,
                                std::size_t topk = 0);
  void written() const;

 private:
  ros2::Node& node_;
  RemoteEncoder& encoder_;
  Catalog& catalog_;
  std::filesystem::path result_folder_;
  std::size_t topk_;
  ros2::Publisher<ros2::String> results_;
  std::function<void()> before_publishing_;
  std::mutex picture_turn_;  // Encoder takes pictures of one caller at a time
  mutable std::mutex folder_turn_;
  std::optional<Error> folder_error_;  // of the last answer
};

// The action clip_search. `desk` must outlive it.
ros2::ActionServer<Search> serve_search(ros2::Node& node, QueryDesk& desk);

}  // namespace clipseek::nodes
