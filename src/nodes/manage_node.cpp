// Node ClipNode.
#include "nodes/manage_node.h"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "nodes/feature_client.h"
#include "nodes/manage_settings.h"
#include "nodes/remote_encoder.h"
#include "nodes/result_folder.h"
#include "ros2/msg/std_msgs.h"

namespace clipseek::nodes {
namespace {

// The node and what all its modes share.
class Manager {
 public:
  Manager(const ros2::Participant& participant, const ros2::Arguments& arguments, const ros2::StopSignal& stop)
      : stop_(stop.token()),
        node_(participant, arguments, "ClipNode"),
        settings_(introduced(node_)),
        image_node_(participant, arguments, "image_action_client"),
        text_node_(participant, arguments, "text_action_client"),
        results_(node_.create_publisher<ros2::String>("~/results", {.transient_local = true, .depth = 1})) {}

  int run() {
    switch (settings_.mode) {
      case ManageMode::kStorage:
        store();
        break;
      case ManageMode::kQuery:
        query();
        break;
      case ManageMode::kServe:
        break;
    }
    return 0;
  }

 private:
  static ManageSettings introduced(ros2::Node& node) {
    node.logger().warn("This is clipseek's manage node!");
    return declare_manage_settings(node);
  }

  std::vector<std::unique_ptr<FeatureClient>> picture_clients() {
    std::vector<std::unique_ptr<FeatureClient>> clients;
    for (const std::string& action : settings_.image_actions) {
      clients.push_back(std::make_unique<FeatureClient>(image_node_, action, settings_.server_timeout));
    }
    return clients;
  }
  RemoteEncoderOptions encoder_options() const { return {.patience = settings_.server_timeout, .stop = stop_}; }

  void store() {
    auto clients = picture_clients();
    std::vector<FeatureClient*> pictures;
    for (const auto& client : clients) pictures.push_back(client.get());
    RemoteEncoder encoder(pictures, nullptr, encoder_options(), image_node_.logger());
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
    require_database();
    FeatureClient texts(text_node_, "clip_text_action", settings_.server_timeout);
    RemoteEncoder encoder({}, &texts, encoder_options(), text_node_.logger());
    Embedding embedding = encoder.encode_text(settings_.text);
    Catalog catalog(settings_.db_file, encoder, OpenMode::kReadOnly);
    answer(catalog, {settings_.text, "", {}}, embedding, settings_.topk);
  }

  void require_database() const {
    std::error_code error;
    if (std::filesystem::exists(settings_.db_file, error)) return;
    throw Error(ErrorCode::kNotFound, "there is no database " + settings_.db_file.string() +
                                          ": make it with mode 0, or name another with db_file");
  }

  // Searches, and tells the results in the log, the folder and on the topic.
  void answer(Catalog& catalog, QueryResults results, const Embedding& query, std::size_t topk) {
    ros2::Logger& logger = node_.logger();
    logger.warn("Query start, num of database: " + std::to_string(catalog.stats().items) + ".");
    auto begin = std::chrono::steady_clock::now();
    results.hits = catalog.search(query, topk);
    auto cost = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
    logger.warn("Query finished! Cost " + std::to_string(cost.count()) + " ms.");
    for (const SearchHit& hit : results.hits) {
      char similarity[32];
      std::snprintf(similarity, sizeof similarity, "%.6f", static_cast<double>(hit.score));
      logger.warn("Query Result " + hit.path + ", similarity: " + similarity);
    }
    write_results(settings_.result_folder, results);
    results_.publish({results_json(results)});
  }

  std::stop_token stop_;
  ros2::Node node_;
  ManageSettings settings_;
  ros2::Node image_node_;
  ros2::Node text_node_;
  ros2::Publisher<ros2::String> results_;
};

}  // namespace

int run_manage_node(const ros2::Participant& participant, const ros2::Arguments& arguments,
                    const ros2::StopSignal& stop) {
  return Manager(participant, arguments, stop).run();
}

}  // namespace clipseek::nodes
