// Answering queries: what is found goes into the log, the result folder and the topic ~/results.
#pragma once

#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "clipseek/catalog.h"
#include "nodes/manage/result_folder.h"
#include "nodes/shared/clip_msgs.h"
#include "ros2/msg/std_msgs.h"
#include "ros2/node.h"

namespace clipseek::nodes {

// Any thread; queries take turns. What is passed must outlive it.
class SearchService {
 public:
  // `topk`: how many pictures are found where a query does not say. `results` gets every answer,
  // after `before_publishing`, where there is one.
  SearchService(ros2::Node& node, Catalog& catalog, std::filesystem::path result_folder, std::size_t topk,
                ros2::Publisher<ros2::String> results, std::function<void()> before_publishing = nullptr);

  // The query vector of `text`, a query as docs/query.md describes it, and the picture at `url`, one more term of
  // weight 1. Either may be empty. Throws Error kInvalidArgument where both are, kCancelled when `stop` is requested.
  Embedding encode(const std::string& text, const std::string& url, const std::stop_token& stop);

  // The pictures nearest to `query`, the feature of `text` and `url`; `topk` 0: as many as usual. Throws Error. They
  // are written into the result folder and published; where the folder cannot be written, written() throws why.
  std::vector<SearchHit> answer(const std::string& text, const std::string& url, const Embedding& query,
                                std::size_t topk = 0);
  void written() const;

 private:
  ros2::Node& node_;
  Catalog& catalog_;
  std::filesystem::path result_folder_;
  std::size_t topk_;
  ros2::Publisher<ros2::String> results_;
  std::function<void()> before_publishing_;
  mutable std::mutex folder_turn_;
  std::optional<Error> folder_error_;  // of the last answer
};

// The action clip_search. `service` must outlive it.
ros2::ActionServer<Search> serve_search(ros2::Node& node, SearchService& service);

}  // namespace clipseek::nodes
