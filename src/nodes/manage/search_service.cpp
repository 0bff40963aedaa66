#include "nodes/manage/search_service.h"

#include <chrono>
#include <cstdio>
#include <utility>

#include "nodes/manage/manage_settings.h"
#include "nodes/shared/item_extra.h"
#include "nodes/shared/log_text.h"

namespace clipseek::nodes {
namespace {

ClipItem hit_item(const SearchHit& hit) {
  ClipItem item{.type = true, .url = hit.path};
  add_extra(item, kWidthKey, std::to_string(hit.width));
  add_extra(item, kHeightKey, std::to_string(hit.height));
  // The stamp and frame of a topic's picture, which the database has stored.
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

void execute_search(ros2::GoalHandle<Search> goal, SearchService& service, ros2::Logger& logger) {
  try {
    const Search::Goal& wanted = goal.goal();
    Embedding query = service.encode(wanted.text, wanted.url, goal.stop_token());
    goal.publish_feedback({0.5F});
    if (goal.stop_token().stop_requested()) throw Error(ErrorCode::kCancelled, "the search was cancelled");
    Search::Result result;
    for (const SearchHit& hit :
         service.answer(wanted.text, wanted.url, query, static_cast<std::size_t>(std::max(wanted.topk, 0)))) {
      result.items.push_back(hit_item(hit));
      result.similarities.push_back(hit.score);
    }
    result.success = true;
    goal.publish_feedback({1.0F});
    goal.succeed(result);
  } catch (const Error& error) {
    logger.error(error.what());
    service.add_failure(error);
    if (error.code() == ErrorCode::kCancelled) return goal.canceled(failure(error));
    goal.fail(failure(error));
  }
}

Search::Result default_result(bool stopped) {
  if (stopped) return failure({ErrorCode::kCancelled, "the search was cancelled before it began"});
  return failure({ErrorCode::kInternal, "the search failed"});
}

}  // namespace

SearchService::SearchService(ros2::Node& node, Catalog& catalog, std::filesystem::path result_folder,
                             ros2::Publisher<ros2::String> results, std::function<void()> before_publishing)
    : node_(node),
      catalog_(catalog),
      result_folder_(std::move(result_folder)),
      results_(std::move(results)),
      before_publishing_(std::move(before_publishing)) {}

Embedding SearchService::encode(const std::string& text, const std::string& url, const std::stop_token& stop) {
  std::vector<QueryTerm> terms;
  if (!text.empty()) terms = parse_query(text);
  if (!url.empty()) terms.push_back(file_term(url));
  if (terms.empty()) throw Error(ErrorCode::kInvalidArgument, "the query has neither a text nor a url");
  return catalog_.embed(terms, stop);
}

std::vector<SearchHit> SearchService::search(const Embedding& query, std::size_t topk) {
  try {
    return catalog_.search(query, topk);
  } catch (...) {
    if (before_publishing_) before_publishing_();  // so that it belongs to this query also in the log
    throw;
  }
}

std::vector<SearchHit> SearchService::answer(const std::string& text, const std::string& url, const Embedding& query,
                                             std::size_t topk) {
  ros2::Logger& logger = node_.logger();
  std::lock_guard lock(folder_mutex_);
  logger.warn("Query start, num of database: " + std::to_string(catalog_.stats().items) + ".");
  auto begin = std::chrono::steady_clock::now();
  if (topk == 0) topk = static_cast<std::size_t>(node_.parameters().get<std::int64_t>(kTopkParameter));
  QueryResults results{text, url, search(query, topk)};
  auto duration = std::chrono::steady_clock::now() - begin;
  auto cost = std::chrono::duration_cast<std::chrono::milliseconds>(duration);
  logger.warn("Query finished! Cost " + std::to_string(cost.count()) + " ms.");
  for (const SearchHit& hit : results.hits) {
    char similarity[32];
    std::snprintf(similarity, sizeof similarity, "%.6f", static_cast<double>(hit.score));
    logger.warn("Query Result " + hit.path + ", similarity: " + similarity);
  }
  folder_error_.reset();
  try {
    write_results(result_folder_, results, catalog_);
  } catch (const Error& error) {  // the hits are still published and returned
    logger.error(error.what());
    folder_error_ = error;
    add_failure(error);
  }
  if (before_publishing_) before_publishing_();
  results_.publish(
      {results_json(results)});  // after the folder was written, so that a subscriber finds the same results there
  std::lock_guard status_lock(status_mutex_);
  ++status_.answered;
  status_.last_failed = folder_error_.has_value();
  status_.last_duration = duration;
  return std::move(results.hits);
}

SearchStatus SearchService::status() const {
  std::lock_guard lock(status_mutex_);
  return status_;
}

void SearchService::add_failure(const Error& error) {
  std::lock_guard lock(status_mutex_);
  ++status_.failed;
  status_.last_failed = true;
  status_.last_error = sanitized(error.what(), 400);
}

std::optional<Error> SearchService::folder_error() const {
  std::lock_guard lock(folder_mutex_);
  return folder_error_;
}

ros2::ActionServer<Search> serve_search(ros2::Node& node, SearchService& service) {
  ros2::Logger& logger = node.logger();
  ros2::ActionCallbacks<Search> callbacks;
  callbacks.execute = [&service, &logger](const ros2::GoalHandle<Search>& goal) {
    execute_search(goal, service, logger);
  };
  callbacks.default_result = default_result;
  return node.create_action_server<Search>("clip_search", std::move(callbacks));
}

}  // namespace clipseek::nodes
