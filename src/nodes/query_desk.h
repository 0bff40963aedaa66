// Answering queries: what is found goes into the log, the result folder and the topic ~/results.
#pragma once

#include <filesystem>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "nodes/clip_msgs.h"
#include "nodes/result_folder.h"
#include "ros2/msg/std_msgs.h"
#include "ros2/node.h"

namespace clipseek::nodes {

// Any thread; queries take turns. What is passed must outlive it.
class QueryDesk {
 public:
  // `topk`: how many pictures are found where a query does not say.
  QueryDesk(ros2::Node& node, Encoder& encoder, Catalog& catalog, std::filesystem::path result_folder,
            std::size_t topk);

  // The feature of a sentence, a picture, or the mean of both. Throws Error kInvalidArgument where both are empty.
  Embedding encode(const std::string& text, const std::string& url);

  // The pictures nearest to `query`, the feature of `text` and `url`; `topk` 0: as many as usual. Throws Error.
  std::vector<SearchHit> answer(const std::string& text, const std::string& url, const Embedding& query,
                                std::size_t topk = 0);

 private:
  ros2::Node& node_;
  Encoder& encoder_;
  Catalog& catalog_;
  std::filesystem::path result_folder_;
  std::size_t topk_;
  ros2::Publisher<ros2::String> results_;
  std::mutex picture_turn_;  // Encoder takes pictures of one caller at a time
  std::mutex folder_turn_;
};

// The action clip_search. `desk` must outlive it.
ros2::ActionServer<Search> serve_search(ros2::Node& node, QueryDesk& desk);

}  // namespace clipseek::nodes
