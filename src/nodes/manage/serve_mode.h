// Mode 2 of clip_manage: answers queries and stores the pictures of topics until it is stopped.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "nodes/manage/manage_settings.h"
#include "nodes/manage/remote_encoder.h"
#include "nodes/manage/search_service.h"
#include "nodes/manage/visual_memory.h"
#include "nodes/shared/managed_node.h"
#include "ros2/diagnostics.h"

namespace clipseek::nodes {

// What mode 2 shares with the other modes. Everything must outlive ServeMode.
struct ServeParts {
  ros2::Node& node;
  ros2::Logger& encoder_logger;
  const ManageSettings& settings;
  std::vector<FeatureClient*> images;
  FeatureClient& texts;
  ros2::Publisher<ros2::String> results;
  std::stop_token stop;
};

// The parts "queries" and "keyframes" of /diagnostics. "queries" is a warning if the last query failed. "keyframes" is
// an error if the last picture could not be stored; `storage_error` is then the reason, else empty.
ros2::DiagnosticStatus query_diagnostics(const SearchStatus& status);
ros2::DiagnosticStatus keyframe_diagnostics(const KeyframeCounts& counts, std::size_t items,
                                            const std::string& database, const std::string& storage_error);

class ServeMode {
 public:
  explicit ServeMode(ServeParts parts);

  // Waits for the encoder nodes and begins to serve. Throws Error.
  void start() { managed_.start(); }

 private:
  void configure();
  void activate();
  void deactivate();
  void cleanup();
  float threshold() const;
  void take(const ClipItem& item);
  void answer(const std::string& text);
  std::vector<ros2::DiagnosticStatus> diagnose();

  ServeParts parts_;
  std::mutex mutex_;  // guards search_, memory_, model_ and storage_error_ for the diagnostics
  std::optional<RemoteEncoder> encoder_;
  std::optional<Catalog> catalog_;
  std::optional<SearchService> search_;
  std::optional<VisualMemory> memory_;
  std::optional<EncoderInfo> model_;
  std::string storage_error_;    // of the last picture; empty if it was stored
  std::stop_source activation_;  // requested by deactivate() and when the process is to stop
  std::optional<std::stop_callback<std::function<void()>>> process_stop_;
  std::optional<ros2::Subscription<ClipItem>> items_;
  std::optional<ros2::Subscription<ros2::String>> queries_;
  std::optional<ros2::ActionServer<Search>> server_;
  std::optional<ros2::Timer> summary_;
  ManagedNode managed_;            // after what its transitions use
  ros2::Diagnostics diagnostics_;  // the last member, because its thread uses the others
};

}  // namespace clipseek::nodes
