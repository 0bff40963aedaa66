#include "nodes/query_desk.h"

#include <chrono>
#include <cstdio>
#include <utility>

#include "nodes/item_extra.h"

namespace clipseek::nodes {
namespace {

ClipItem found_item(const SearchHit& hit) {
  ClipItem item{.type = true, .url = hit.path};
  add_extra(item, kWidthKey, std::to_string(hit.width));
  add_extra(item, kHeightKey, std::to_string(hit.height));
  // Of a picture of a topic: what was said of it when it was stored.
  for (std::string_view key : {kStampKey, kFrameKey}) {
    std::string_view extra = hit.extra;
    while (!extra.empty()) {
      std::string_view entry = extra.substr(0, extra.find(','));
      extra.remove_prefix(std::min(extra.size(), entry.size() + 1));
      if (entry.starts_with(key) && entry.substr(key.size()).starts_with('=')) item.extra.emplace_back(entry);
    }
  }
  return item;
}

Search::Result failure(const Error& error) {
  Search::Result result;
  result.error_code = error_info(error.code()).ros_error_code;
  result.message = error.what();
  return result;
}

void execute_search(ros2::GoalHandle<Search> goal, QueryDesk& desk, ros2::Logger& logger) {
  try {
    const Search::Goal& wanted = goal.goal();
    Embedding query = desk.encode(wanted.text, wanted.url);
    goal.publish_feedback({0.5F});
    if (goal.stop_token().stop_requested()) throw Error(ErrorCode::kCancelled, "the search was cancelled");
    Search::Result result;
    for (const SearchHit& hit :
         desk.answer(wanted.text, wanted.url, query, static_cast<std::size_t>(std::max(wanted.topk, 0)))) {
      result.items.push_back(found_item(hit));
      result.similarities.push_back(hit.score);
    }
    result.success = true;
    goal.publish_feedback({1.0F});
    goal.succeed(result);
  } catch (const Error& error) {
    logger.error(error.what());
    if (error.code() == ErrorCode::kCancelled) return goal.canceled(failure(error));
    goal.fail(failure(error));
  }
}

}  // namespace

QueryDesk::QueryDesk(ros2::Node& node, Encoder& encoder, Catalog& catalog, std::filesystem::path result_folder,
                     std::size_t topk)
    : node_(node),
      encoder_(encoder),
      catalog_(catalog),
      result_folder_(std::move(result_folder)),
      topk_(topk),
      results_(node.create_publisher<ros2::String>("~/results", {.transient_local = true, .depth = 1})) {}

Embedding QueryDesk::encode(const std::string& text, const std::string& url) {
  std::vector<QueryPart> parts;
  if (!text.empty()) parts.push_back({.embedding = encoder_.encode_text(text)});
  if (!url.empty()) {
    std::lock_guard turn(picture_turn_);
    parts.push_back({.embedding = encoder_.encode_image({.path = url, .bytes = {}}).embedding});
  }
  if (parts.empty()) throw Error(ErrorCode::kInvalidArgument, "the query has neither a text nor a url");
  return mix(parts);
}

std::vector<SearchHit> QueryDesk::answer(const std::string& text, const std::string& url, const Embedding& query,
                                         std::size_t topk) {
  ros2::Logger& logger = node_.logger();
  std::lock_guard turn(folder_turn_);
  logger.warn("Query start, num of database: " + std::to_string(catalog_.stats().items) + ".");
  auto begin = std::chrono::steady_clock::now();
  QueryResults results{text, url, catalog_.search(query, topk == 0 ? topk_ : topk)};
  auto cost = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
  logger.warn("Query finished! Cost " + std::to_string(cost.count()) + " ms.");
  for (const SearchHit& hit : results.hits) {
    char similarity[32];
    std::snprintf(similarity, sizeof similarity, "%.6f", static_cast<double>(hit.score));
    logger.warn("Query Result " + hit.path + ", similarity: " + similarity);
  }
  write_results(result_folder_, results);
  results_.publish({results_json(results)});
  return std::move(results.hits);
}

ros2::ActionServer<Search> serve_search(ros2::Node& node, QueryDesk& desk) {
  ros2::Logger& logger = node.logger();
  ros2::ActionCallbacks<Search> callbacks;
  callbacks.execute = [&desk, &logger](const ros2::GoalHandle<Search>& goal) { execute_search(goal, desk, logger); };
  return node.create_action_server<Search>("clip_search", std::move(callbacks));
}

}  // namespace clipseek::nodes
