#include "nodes/manage/serve_mode.h"

#include <chrono>
#include <string>
#include <utility>

#include "nodes/shared/diagnostics.h"
#include "nodes/shared/log_text.h"

namespace clipseek::nodes {
namespace {

constexpr int kWaitingItems = 100;

}  // namespace

ros2::DiagnosticStatus query_diagnostics(const SearchStatus& status) {
  ros2::DiagnosticStatus part;
  part.name = "queries";
  part.level = status.last_failed ? ros2::DiagnosticStatus::kWarn : ros2::DiagnosticStatus::kOk;
  part.message = std::to_string(status.answered) + " answered, " + std::to_string(status.failed) + " failed";
  part.values = {
      {"answered", std::to_string(status.answered)},
      {"failed", std::to_string(status.failed)},
      {"last search time ms", number_text(std::chrono::duration<double, std::milli>(status.last_duration).count())},
      {"last error", status.last_error}};
  return part;
}

ros2::DiagnosticStatus keyframe_diagnostics(const KeyframeCounts& counts, std::size_t items,
                                            const std::string& database, const std::string& storage_error) {
  ros2::DiagnosticStatus part;
  part.name = "keyframes";
  part.level = storage_error.empty() ? ros2::DiagnosticStatus::kOk : ros2::DiagnosticStatus::kError;
  part.message = std::to_string(counts.stored) + " stored, " + std::to_string(items) + " in the database";
  if (!storage_error.empty()) part.message = "the last picture could not be stored: " + storage_error;
  part.values = {{"database", database},
                 {"items in the database", std::to_string(items)},
                 {"stored", std::to_string(counts.stored)},
                 {"near-duplicates left out", std::to_string(counts.near_duplicates)},
                 {"refused", std::to_string(counts.refused)},
                 {"refused thumbnails", std::to_string(counts.refused_thumbnails)},
                 {"last error", storage_error}};
  return part;
}

ServeMode::ServeMode(ServeParts parts)
    : parts_(std::move(parts)),
      managed_(parts_.node, {.configure = [this] { configure(); },
                             .activate = [this] { activate(); },
                             .deactivate = [this] { deactivate(); },
                             .cleanup = [this] { cleanup(); }}),
      diagnostics_(parts_.node, [this] { return diagnose(); }) {}

void ServeMode::configure() {
  const ManageSettings& settings = parts_.settings;
  // The constructor waits for the encoder nodes.
  encoder_.emplace(parts_.images, &parts_.texts, RemoteEncoderOptions{.timeout = settings.server_timeout},
                   parts_.encoder_logger, parts_.stop);
  catalog_.emplace(settings.db_file, *encoder_, OpenMode::kCreate);
  std::lock_guard lock(mutex_);
  model_ = encoder_->info();
  search_.emplace(parts_.node, *catalog_, settings.result_folder, parts_.results,
                  [this] { parts_.texts.log_results(); });
  memory_.emplace(*catalog_, *model_, threshold(), settings.thumbnails, parts_.node.logger());
}

void ServeMode::activate() {
  activation_ = std::stop_source();
  process_stop_.emplace(parts_.stop, [source = activation_]() mutable { source.request_stop(); });
  items_ = parts_.node.create_subscription<ClipItem>(
      "clip_image_features", [this](const ClipItem& item) { take(item); },
      parts_.node.subscription_qos("clip_image_features", {.depth = kWaitingItems}));
  queries_ = parts_.node.create_subscription<ros2::String>(
      "~/query", [this](const ros2::String& query) { answer(query.data); }, parts_.node.subscription_qos("~/query"));
  server_ = serve_search(parts_.node, *search_);
  summary_.emplace(std::chrono::minutes(1), [this] { memory_->tick(std::chrono::steady_clock::now(), parts_.stop); });
  parts_.node.logger().warn("Serving, current num of database: " + std::to_string(memory_->items()) + ".");
}

void ServeMode::deactivate() {
  activation_.request_stop();  // a query may wait for an encoder node
  summary_.reset();
  server_.reset();
  queries_.reset();
  items_.reset();
  process_stop_.reset();
}

void ServeMode::cleanup() {
  std::lock_guard lock(mutex_);
  model_.reset();
  memory_.reset();
  search_.reset();
  catalog_.reset();
  encoder_.reset();
}

float ServeMode::threshold() const {
  return static_cast<float>(parts_.node.parameters().get<double>(kThresholdParameter));
}

void ServeMode::take(const ClipItem& item) {
  memory_->set_threshold(threshold());
  try {
    memory_->take(item);
  } catch (const Error& error) {
    std::lock_guard lock(mutex_);
    storage_error_ = sanitized(error.what(), 400);
    throw;  // the node logs it
  }
  std::lock_guard lock(mutex_);
  storage_error_.clear();
}

void ServeMode::answer(const std::string& text) {
  try {
    search_->answer(text, "", search_->encode(text, "", activation_.get_token()));
  } catch (const Error& error) {
    search_->add_failure(error);
    throw;  // the node logs it
  }
}

std::vector<ros2::DiagnosticStatus> ServeMode::diagnose() {
  std::lock_guard lock(mutex_);
  std::vector<ros2::DiagnosticStatus> parts{node_diagnostics(managed_.state(), model_ ? &*model_ : nullptr)};
  if (search_) parts.push_back(query_diagnostics(search_->status()));
  if (memory_)
    parts.push_back(
        keyframe_diagnostics(memory_->counts(), memory_->items(), parts_.settings.db_file.string(), storage_error_));
  return parts;
}

}  // namespace clipseek::nodes
