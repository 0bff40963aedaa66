// Node ClipImageNode.
#include "nodes/encode_image/image_node.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "clipseek/catalog.h"
#include "clipseek/model.h"
#include "nodes/encode_image/image_service.h"
#include "nodes/shared/embedding_summary.h"

namespace clipseek::nodes {
namespace {

struct ImageSettings {
  int feed_type;
  std::string image;
  int is_shared_mem_sub;
  int is_compressed_sub;
  std::string shared_mem_type;
  std::string image_topic;
  std::string data_sharing;
  int is_sync_mode;
  std::vector<std::string> sentences;
  std::size_t sentences_topk;
  int thumbnail_bytes;
  ModelSettings model;
  bool autostart;
};

const std::map<std::string, PictureSource>& source_types() {
  static const std::map<std::string, PictureSource> kTypes{
      {"1080P", PictureSource::kHbm1080P}, {"540P", PictureSource::kHbm540P}, {"480P", PictureSource::kHbm480P}};
  return kTypes;
}

// std::nullopt: found from the publishers.
std::optional<PictureSource> source_of(const ImageSettings& settings) {
  constexpr int kAuto = 2;
  if (settings.is_shared_mem_sub == kAuto) return std::nullopt;
  if (settings.is_shared_mem_sub == 1) return source_types().at(settings.shared_mem_type);
  return settings.is_compressed_sub == 1 ? PictureSource::kCompressedImage : PictureSource::kImage;
}

void declare_stream_settings(ParameterBlock& block, ImageSettings& settings) {
  block.declare_changeable("max_rate", 0.0,
                           "the mean number of pictures of the topic that are encoded per second at most; 0: no limit",
                           "", ParameterBlock::range(0, 1000));
  block.declare_changeable("min_change", 0.0,
                           "a picture of the topic is encoded only if its mean brightness difference from the last "
                           "encoded one, of 255, is at least this; 0: every picture",
                           "", ParameterBlock::range(0, 255));
  settings.sentences = block.declare("sentences", std::vector<std::string>{},
                                     "sentences that are scored for each picture of the topic, on clip_perceptions");
  settings.sentences_topk = static_cast<std::size_t>(block.declare_integer(
      "sentences_topk", 3, 1, 1000, "the maximum number of sentences that are published for a picture"));
}

ImageSettings declare_settings(ParameterBlock& block) {
  ImageSettings settings;
  settings.feed_type = block.declare_integer(
      "feed_type", 0, 0, 1,
      "0: encode the picture `image`, 1: serve clip_image_action and encode the pictures of a topic",
      "feed_type(0:local, 1:sub)");
  settings.is_shared_mem_sub = block.declare_integer(
      "is_shared_mem_sub", 1, 0, 2,
      "1: pictures from /hbmem_img in shared memory, 0: from /image_raw, 2: from the one that has a publisher");
  settings.is_compressed_sub = block.declare_integer(
      "is_compressed_sub", 0, 0, 1, "1: with is_shared_mem_sub 0, pictures from /image_raw/compressed");
  settings.shared_mem_type = block.declare_choice("shared_mem_type", {"1080P", "540P", "480P"},
                                                  "the message type of /hbmem_img: HbmMsg1080P, 540P or 480P");
  settings.data_sharing = block.declare_choice(
      "data_sharing", {"own", "automatic"},
      "the cameras whose pictures on /hbmem_img are read in shared memory: clipseek's (own), or those with Fast DDS's "
      "automatic ids, as on TogetheROS (automatic)");
  settings.is_sync_mode = block.declare_integer(
      "is_sync_mode", 0, 0, 1, "1: encode the pictures of a goal one at a time, 0: in batches", "is_sync_mode_");
  settings.thumbnail_bytes = block.declare_integer(
      "thumbnail_bytes", static_cast<int>(kMaxThumbnailBytes), 0, static_cast<int>(kMaxThumbnailBytes),
      "the largest thumbnail that is published with a topic's picture, 0: none");
  settings.image = block.declare("image", std::string("config/CLIP.png"), "the picture that feed_type 0 encodes");
  settings.model = declare_model_settings(block);
  settings.image_topic = block.declare(
      "image_topic", std::string(), "the topic of the pictures; empty: /hbmem_img or /image_raw, as is_shared_mem_sub");
  declare_stream_settings(block, settings);
  settings.autostart = declare_autostart(block);
  return settings;
}

void encode_local(ros2::Node& node, const ImageSettings& settings) {
  std::string path = std::filesystem::absolute(settings.image).lexically_normal().string();
  auto model = open_model(settings.model);
  EncodedImage image = model->encode_image({.path = path, .bytes = {}});
  node.logger().warn("image: " + path + ", " + std::to_string(image.width) + " x " + std::to_string(image.height) +
                     ", feature: " + summary(image.embedding));
}

int run(const ros2::Participant& participant, const ros2::Arguments& arguments, const base::StopSignal& stop) {
  ros2::Node node(participant, arguments, "ClipImageNode");
  ParameterBlock block(node.parameters());
  ImageSettings settings = declare_settings(block);
  block.log(node.logger());
  if (settings.feed_type == 0) {
    encode_local(node, settings);
    return 0;
  }
  ImageService service(participant, arguments, node,
                       {.model = settings.model,
                        .one_by_one = settings.is_sync_mode == 1,
                        .stream = {.source = source_of(settings),
                                   .image_topic = settings.image_topic,
                                   .data_sharing = settings.data_sharing == "automatic" ? ros2::DataSharing::kAutomatic
                                                                                        : ros2::DataSharing::kOwn,
                                   .sentences = settings.sentences,
                                   .sentences_topk = settings.sentences_topk,
                                   .thumbnail_bytes = static_cast<std::size_t>(settings.thumbnail_bytes)}});
  if (settings.autostart) service.start();
  ros2::Node::spin(stop.token());
  return 0;
}

void declare(ros2::Parameters& parameters) {
  ParameterBlock block(parameters);
  declare_settings(block);
}

}  // namespace

NodeProgram image_program() {
  return {"clip_encode_image", "encodes pictures for other nodes, from files and from a topic", declare, run};
}

}  // namespace clipseek::nodes
