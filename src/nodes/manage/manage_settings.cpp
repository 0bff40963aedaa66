#include "nodes/manage/manage_settings.h"

#include "nodes/shared/managed_node.h"

namespace clipseek::nodes {

ManageSettings declare_manage_settings(ParameterBlock& block) {
  ManageSettings settings;
  settings.mode = static_cast<ManageMode>(block.declare_integer(
      "mode", 0, 0, 2,
      "0: store the pictures of a folder, 1: answer one query, 2: answer queries and store pictures of a topic",
      "mode(0:storage, 1:query, 2:serve)"));
  settings.db_file = block.declare("db_file", std::string("clip.db"), "the database", "db file");
  settings.storage_folder = block.declare("storage_folder", std::string("/userdata/config"),
                                          "the folder that mode 0 stores", "storage folder");
  settings.text = block.declare("text", std::string("a diagram"), "the query of mode 1");
  settings.result_folder = block.declare("result_folder", std::string("result"),
                                         "receives links to the pictures that a query finds", "result folder");
  ros2::ParameterDescription results;
  results.integer_range = ros2::IntegerRange{1, 100'000, 1};
  block.declare_changeable(kTopkParameter, std::int64_t{10}, "the maximum number of pictures that a query returns", "",
                           std::move(results));
  settings.image_actions =
      block.declare("image_actions", std::vector<std::string>{"clip_image_action"},
                    "the actions of the image encoder nodes, which share the work", "image actions");
  if (settings.image_actions.empty())
    throw Error(ErrorCode::kInvalidArgument, "image_actions must name at least one action");
  constexpr double kDay = 86'400;
  constexpr std::int64_t kDayMs = 86'400'000;
  double timeout = block.declare("server_timeout", 60.0, "how long to wait for an encoder node, in seconds",
                                 "server timeout", ParameterBlock::range(1, kDay));
  settings.server_timeout = std::chrono::milliseconds(static_cast<std::int64_t>(timeout * 1000));
  block.declare_changeable(
      kThresholdParameter, 0.95,
      "a topic's picture is not stored if its cosine with the previously stored one is at least this",
      "memory threshold", ParameterBlock::range(-1, 2));
  constexpr std::int64_t kMegabyte = 1'000'000;
  settings.thumbnails.max_bytes =
      kMegabyte * block.declare_integer("thumbnail_max_mb", 1024, 0, 1'000'000,
                                        "the megabytes of thumbnails that are kept of a topic's pictures, 0: all");
  settings.thumbnails.max_age_ms =
      kDayMs * block.declare_integer("thumbnail_max_days", 0, 0, 36'500,
                                     "the days that the thumbnail of a topic's picture is kept, 0: for ever");
  settings.autostart = declare_autostart(block);
  return settings;
}

}  // namespace clipseek::nodes
