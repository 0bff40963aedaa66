// Node ClipNode.
#include "nodes/manage_node.h"

#include <memory>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "nodes/feature_client.h"
#include "nodes/manage_settings.h"
#include "nodes/query_desk.h"
#include "nodes/remote_encoder.h"
#include "nodes/visual_memory.h"

namespace clipseek::nodes {
namespace {

// The nodes and what all modes share.
class Manager {
 public:
  Manager(const ros2::Participant& participant, const ros2::Arguments& arguments, const ros2::StopSignal& stop)
      : stop_(stop.token()),
        node_(participant, arguments, "ClipNode", {.threads = 4}),  // one waits for encoders during a query
        settings_(introduced(node_)),
        image_node_(participant, arguments, "image_action_client"),
        text_node_(participant, arguments, "text_action_client"),
        texts_(text_node_, "clip_text_action", settings_.server_timeout) {
    for (const std::string& action : settings_.image_actions) {
      pictures_.push_back(std::make_unique<FeatureClient>(image_node_, action, settings_.server_timeout));
    }
  }

  int run() {
    if (settings_.mode == ManageMode::kStorage) {
      store();
    } else if (settings_.mode == ManageMode::kQuery) {
      query();
    } else {
      serve();
    }
    return 0;
  }

 private:
  static ManageSettings introduced(ros2::Node& node) {
    node.logger().warn("This is clipseek's manage node!");
    return declare_manage_settings(node);
  }

  std::vector<FeatureClient*> pictures() const {
    std::vector<FeatureClient*> clients;
    for (const auto& client : pictures_) clients.push_back(client.get());
    return clients;
  }
  RemoteEncoderOptions encoder_options() const { return {.patience = settings_.server_timeout, .stop = stop_}; }

  void store() {
    RemoteEncoder encoder(pictures(), nullptr, encoder_options(), image_node_.logger());
    Catalog catalog(settings_.db_file, encoder, OpenMode::kCreate);
    IndexOptions options;
    options.paths = {settings_.storage_folder};
    options.failure = [this](const IndexFailure& failure) { node_.logger().warn(failure.message); };
    options.removed = [this](const std::string& path) { node_.logger().info("removed, its file is gone: " + path); };
    options.stop = [this] { return stop_.stop_requested(); };
    IndexReport report = catalog.index(options);
    if (report.stopped) throw Error(ErrorCode::kCancelled, "stopped; what is encoded is stored");
    node_.logger().warn("Storage finish, current num of database: " + std::to_string(report.total) + ".");
    node_.logger().warn("added " + std::to_string(report.added) + ", updated " + std::to_string(report.updated) +
                        ", moved " + std::to_string(report.moved) + ", unchanged " + std::to_string(report.unchanged) +
                        ", removed " + std::to_string(report.removed) + ", failed " + std::to_string(report.failed));
  }

  void query() {
    std::error_code error;
    if (!std::filesystem::exists(settings_.db_file, error)) {
      throw Error(ErrorCode::kNotFound, "there is no database " + settings_.db_file.string() +
                                            ": make it with mode 0, or name another with db_file");
    }
    RemoteEncoder encoder({}, &texts_, encoder_options(), text_node_.logger());
    Catalog catalog(settings_.db_file, encoder, OpenMode::kReadOnly);
    QueryDesk desk(node_, encoder, catalog, settings_.result_folder, settings_.topk);
    desk.answer(settings_.text, "", desk.encode(settings_.text, ""));
  }

  void serve() {
    RemoteEncoder encoder(pictures(), &texts_, encoder_options(), image_node_.logger());
    Catalog catalog(settings_.db_file, encoder, OpenMode::kCreate);
    QueryDesk desk(node_, encoder, catalog, settings_.result_folder, settings_.topk);
    VisualMemory memory(catalog, encoder.info(), settings_.memory_threshold, node_.logger());
    constexpr ros2::QueueDepth kItems{100};
    auto items = node_.create_subscription<ClipItem>(
        "clip_image_features", [&](const ClipItem& item) { memory.take(item); }, {}, kItems);
    auto queries = node_.create_subscription<ros2::String>(
        "~/query", [&](const ros2::String& query) { desk.answer(query.data, "", desk.encode(query.data, "")); });
    auto search = serve_search(node_, desk);
    node_.logger().warn("Serving, current num of database: " + std::to_string(catalog.stats().items) + ".");
    ros2::Node::spin(stop_);
  }

  std::stop_token stop_;
  ros2::Node node_;
  ManageSettings settings_;
  ros2::Node image_node_;
  ros2::Node text_node_;
  FeatureClient texts_;
  std::vector<std::unique_ptr<FeatureClient>> pictures_;
};

}  // namespace

int run_manage_node(const ros2::Participant& participant, const ros2::Arguments& arguments,
                    const ros2::StopSignal& stop) {
  return Manager(participant, arguments, stop).run();
}

}  // namespace clipseek::nodes
