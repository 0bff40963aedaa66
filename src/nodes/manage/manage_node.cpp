// Node ClipNode.
#include "nodes/manage/manage_node.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/file_status.h"
#include "clipseek/catalog.h"
#include "nodes/manage/feature_client.h"
#include "nodes/manage/manage_settings.h"
#include "nodes/manage/remote_encoder.h"
#include "nodes/manage/search_service.h"
#include "nodes/manage/serve_mode.h"
#include "nodes/shared/log_text.h"
#include "nodes/shared/parameter_block.h"

namespace clipseek::nodes {
namespace {

constexpr std::chrono::milliseconds kDiscoveryTime{1500};
constexpr std::chrono::seconds kDeliveryTimeout{2};

// The nodes, settings and clients that all modes share.
class Manager {
 public:
  Manager(const ros2::Participant& participant, const ros2::Arguments& arguments, const base::StopSignal& stop)
      : stop_(stop.token()),
        node_(participant, arguments, "ClipNode",
              {.threads = 4}),  // a query blocks one thread while it waits for the encoders
        settings_(log_and_declare_settings(node_)),
        image_node_(participant, arguments, "image_action_client"),
        text_node_(participant, arguments, "text_action_client"),
        texts_(text_node_, "clip_text_action", settings_.server_timeout, FeatureClient::ResultLog::kDeferred) {
    // Created early, so that subscribers are matched before the first answer is published.
    if (settings_.mode != ManageMode::kStorage) {
      results_ = node_.create_publisher<ros2::String>(
          "~/results", node_.publisher_qos("~/results", {.transient_local = true, .depth = 1}));
    }
    for (const std::string& action : settings_.image_actions) {
      pictures_.push_back(std::make_unique<FeatureClient>(image_node_, action, settings_.server_timeout));
    }
  }

  // Returns the exit status.
  int run() {
    if (settings_.mode == ManageMode::kQuery) return query();
    if (settings_.mode == ManageMode::kStorage) {
      store();
    } else {
      serve();
    }
    return 0;
  }

 private:
  static ManageSettings log_and_declare_settings(ros2::Node& node) {
    node.logger().warn("This is clipseek's manage node!");
    ParameterBlock block(node.parameters());
    ManageSettings settings = declare_manage_settings(block);
    block.log(node.logger());
    return settings;
  }

  std::vector<FeatureClient*> pictures() const {
    std::vector<FeatureClient*> clients;
    for (const auto& client : pictures_) clients.push_back(client.get());
    return clients;
  }
  RemoteEncoderOptions encoder_options() const { return {.timeout = settings_.server_timeout}; }

  void store() {
    RemoteEncoder encoder(pictures(), nullptr, encoder_options(), image_node_.logger(), stop_);
    Catalog catalog(settings_.db_file, encoder, OpenMode::kCreate);
    IndexOptions options;
    options.paths = {settings_.storage_folder};
    options.failure = [this](const IndexFailure& failure) { node_.logger().warn(sanitized(failure.message, 1000)); };
    options.removed = [this](const std::string& path) {
      node_.logger().info("removed from the database because the file no longer exists: " + path);
    };
    options.stop = stop_;
    IndexReport report = index(catalog, options);
    if (report.stopped) throw Error(ErrorCode::kCancelled, "stopped; the pictures encoded so far are stored");
    node_.logger().warn("Storage finish, current num of database: " + std::to_string(report.total) + ".");
    node_.logger().warn("added " + std::to_string(report.added) + ", updated " + std::to_string(report.updated) +
                        ", moved " + std::to_string(report.moved) + ", unchanged " + std::to_string(report.unchanged) +
                        ", removed " + std::to_string(report.removed) + ", failed " + std::to_string(report.failed));
  }

  static IndexReport index(Catalog& catalog, const IndexOptions& options) {
    try {
      return catalog.index(options);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kUnavailable) throw;
      throw Error(error.code(), std::string(error.what()) +
                                    "; the pictures encoded so far are stored, and the next run continues from there");
    }
  }

  int query() {
    if (base::file_type_at(settings_.db_file) == std::filesystem::file_type::not_found) {
      throw Error(ErrorCode::kNotFound, "the database " + settings_.db_file.string() +
                                            " does not exist: create it with mode 0, or set db_file to another one");
    }
    RemoteEncoder encoder({}, &texts_, encoder_options(), text_node_.logger(), stop_);
    Catalog catalog(settings_.db_file, encoder, OpenMode::kReadOnly);
    // DDS takes about a second to match subscribers that already exist, and most subscribers do not receive messages
    // that were published before the match.
    auto connect = [this] {
      texts_.log_results();
      ros2::wait_until([] { return false; }, kDiscoveryTime - uptime(), stop_);
    };
    SearchService search_service(node_, catalog, settings_.result_folder, results_, connect);
    search_service.answer(settings_.text, "", search_service.encode(settings_.text, "", stop_));
    results_.wait_acknowledged(kDeliveryTimeout);
    const std::optional<Error> error = search_service.folder_error();
    return error ? error_info(error->code()).exit_status : 0;
  }

  void serve() {
    ServeMode mode({node_, image_node_.logger(), settings_, pictures(), texts_, results_, stop_});
    try {
      if (settings_.autostart) mode.start();
      ros2::Node::spin(stop_);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kCancelled) throw;  // the stop that ends this mode came while it started
    }
  }

  std::chrono::milliseconds uptime() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin_);
  }

  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::stop_token stop_;
  ros2::Node node_;
  ManageSettings settings_;
  ros2::Node image_node_;
  ros2::Node text_node_;
  FeatureClient texts_;
  ros2::Publisher<ros2::String> results_;
  std::vector<std::unique_ptr<FeatureClient>> pictures_;
};

int run(const ros2::Participant& participant, const ros2::Arguments& arguments, const base::StopSignal& stop) {
  return Manager(participant, arguments, stop).run();
}

void declare(ros2::Parameters& parameters) {
  ParameterBlock block(parameters);
  declare_manage_settings(block);
}

}  // namespace

NodeProgram manage_program() {
  return {"clip_manage", "stores pictures in a database and finds them with a sentence", declare, run};
}

}  // namespace clipseek::nodes
