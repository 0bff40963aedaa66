// Node ClipImageNode.
#include "nodes/encode_image/image_node.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "clipseek/model.h"
#include "nodes/encode_image/picture_stream.h"
#include "nodes/shared/embedding_summary.h"
#include "nodes/shared/feature_server.h"
#include "nodes/shared/model_parameters.h"
#include "nodes/shared/parameter_block.h"

namespace clipseek::nodes {
namespace {

struct ImageSettings {
  int feed_type;
  std::string image;
  int is_shared_mem_sub;
  int is_compressed_sub;
  std::string shared_mem_type;
  std::string data_sharing;
  int is_sync_mode;
  std::string model_file_name;
};

const std::map<std::string, PictureSource>& source_types() {
  static const std::map<std::string, PictureSource> kTypes{
      {"1080P", PictureSource::kHbm1080P}, {"540P", PictureSource::kHbm540P}, {"480P", PictureSource::kHbm480P}};
  return kTypes;
}

PictureSource source_of(const ImageSettings& settings) {
  if (settings.is_shared_mem_sub == 1) return source_types().at(settings.shared_mem_type);
  return settings.is_compressed_sub == 1 ? PictureSource::kCompressedImage : PictureSource::kImage;
}

std::string declare_data_sharing(ParameterBlock& block) {
  ros2::ParameterDescription kind;
  kind.constraints = "own or automatic";
  kind.check = [](const ros2::ParameterValue& value) -> std::optional<std::string> {
    const auto& text = std::get<std::string>(value);
    if (text == "own" || text == "automatic") return std::nullopt;
    return "data_sharing must be own or automatic";
  };
  return block.declare(
      "data_sharing", std::string("own"),
      "with is_shared_mem_sub 1, the cameras that share memory: clipseek's (own), or those with Fast DDS's "
      "automatic ids, as on TogetheROS (automatic)",
      "", std::move(kind));
}

ImageSettings declare_settings(ParameterBlock& block) {
  ImageSettings settings;
  settings.feed_type = block.declare_integer(
      "feed_type", 0, 0, 1,
      "0: encode the picture `image`, 1: serve clip_image_action and encode the pictures of a topic",
      "feed_type(0:local, 1:sub)");
  settings.is_shared_mem_sub = block.declare_integer(
      "is_shared_mem_sub", 1, 0, 1, "1: pictures from /hbmem_img in shared memory, 0: from /image_raw");
  settings.is_compressed_sub = block.declare_integer(
      "is_compressed_sub", 0, 0, 1, "1: with is_shared_mem_sub 0, pictures from /image_raw/compressed");
  ros2::ParameterDescription type;
  type.constraints = "1080P, 540P or 480P";
  type.check = [](const ros2::ParameterValue& value) -> std::optional<std::string> {
    if (source_types().contains(std::get<std::string>(value))) return std::nullopt;
    return "shared_mem_type must be 1080P, 540P or 480P";
  };
  settings.shared_mem_type =
      block.declare("shared_mem_type", std::string("1080P"),
                    "the message type of /hbmem_img: HbmMsg1080P, 540P or 480P", "", std::move(type));
  settings.data_sharing = declare_data_sharing(block);
  settings.is_sync_mode = block.declare_integer(
      "is_sync_mode", 0, 0, 1, "1: encode the pictures of a goal one at a time, 0: in batches", "is_sync_mode_");
  settings.image = block.declare("image", std::string("config/CLIP.png"), "the picture that feed_type 0 encodes");
  settings.model_file_name =
      block.declare("model_file_name", std::string(), "the model's folder or name", "model_file_name_");
  return settings;
}

void encode_local(ros2::Node& node, const ImageSettings& settings) {
  std::string path = std::filesystem::absolute(settings.image).lexically_normal().string();
  auto model = Model::open(locate_model(settings.model_file_name));
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
  auto model = Model::open(locate_model(settings.model_file_name));
  FairMutex encoder_mutex;
  ros2::Node server_node(participant, arguments, "encode_image_server");
  declare_model(server_node.parameters(), model->info());
  auto server = serve_pictures(server_node, "clip_image_action", *model, encoder_mutex, settings.is_sync_mode == 1);
  // The same value as for picture files: twice the size that the model reads.
  int min_short_side = model->details().min_short_side;
  const auto data_sharing =
      settings.data_sharing == "automatic" ? ros2::DataSharing::kAutomatic : ros2::DataSharing::kOwn;
  PictureStream stream(node, source_of(settings), *model, encoder_mutex, min_short_side, data_sharing);
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
