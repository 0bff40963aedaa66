// Answers queries: writes the hits to the log, the result folder and the topic ~/results.
#pragma once

#include <chrono>
#include <cstdint>
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

// What happened to the queries so far.
struct SearchStatus {
  std::uint64_t answered = 0;
  std::uint64_t failed = 0;                   // including those whose result folder could not be written
  std::chrono::nanoseconds last_duration{0};  // of the last search, without the encoding of the query
  std::string last_error;
  bool last_failed = false;  // whether the last query failed
};

// Thread-safe; queries are answered one at a time. The constructor's arguments must outlive the object.
class SearchService {
 public:
  // The node's parameter `topk` is the number of hits for queries that do not set one. Every answer is published
  // through `results`, after `before_publishing` (if set) has returned.
  SearchService(ros2::Node& node, Catalog& catalog, std::filesystem::path result_folder,
                ros2::Publisher<ros2::String> results, std::function<void()> before_publishing = nullptr);

  // Returns the query vector of `text`, a query as described in docs/query.md, and of the picture at `url`, a further
  // term of weight 1. Either may be empty. Throws Error kInvalidArgument when both are empty, kCancelled when a stop is
  // requested.
  Embedding encode(const std::string& text, const std::string& url, const std::stop_token& stop);

  // Returns the pictures nearest to `query`, the vector of `text` and `url`; with `topk` 0, as many as the parameter
  // states. Writes them to the result folder and publishes them. Throws Error when the search fails. When only the
  // result folder cannot be written, it logs that error and returns normally.
  std::vector<SearchHit> answer(const std::string& text, const std::string& url, const Embedding& query,
                                std::size_t topk = 0);
  SearchStatus status() const;
  // Counts a query that failed before answer() was called, or in it.
  void add_failure(const Error& error);
  // Why the last answer could not write the result folder.
  std::optional<Error> folder_error() const;

 private:
  std::vector<SearchHit> search(const Embedding& query, std::size_t topk);

  ros2::Node& node_;
  Catalog& catalog_;
  std::filesystem::path result_folder_;
  ros2::Publisher<ros2::String> results_;
  std::function<void()> before_publishing_;
  mutable std::mutex folder_mutex_;
  std::optional<Error> folder_error_;  // the error of the last answer
  mutable std::mutex status_mutex_;
  SearchStatus status_;
};

// Creates the server of the action clip_search. `service` must outlive it.
ros2::ActionServer<Search> serve_search(ros2::Node& node, SearchService& service);

}  // namespace clipseek::nodes
