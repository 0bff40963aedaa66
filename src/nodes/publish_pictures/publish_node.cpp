// Node clip_publish_pictures, which publishes picture files like a camera.
#include "nodes/publish_pictures/publish_node.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/mapped_file.h"
#include "image/limits.h"
#include "image/preprocess.h"
#include "nodes/encode_image/picture_message.h"
#include "nodes/shared/parameter_block.h"
#include "ros2/clock.h"

namespace clipseek::nodes {
namespace {

constexpr int kWidth = 1920;
constexpr int kHeight = 1080;
constexpr std::size_t kMaxFrameBytes = std::size_t{384} << 20;

struct PublishSettings {
  std::filesystem::path folder;
  double rate;
  std::int64_t count;
  bool shared;
  bool compressed;
};

PublishSettings declare_settings(ParameterBlock& block) {
  PublishSettings settings;
  settings.folder = block.declare("folder", std::string("."),
                                  "the folder whose pictures are published, in the order of their names, repeatedly");
  settings.rate = block.declare("rate", 10.0, "pictures per second", "", ParameterBlock::range(0.01, 1000));
  settings.count = block.declare_integer("count", 0, 0, 1'000'000'000, "the number of pictures; 0: until stopped");
  settings.shared = block.declare_integer("is_shared_mem_pub", 0, 0, 1, "1: publish HbmMsg1080P on /hbmem_img") == 1;
  settings.compressed = block.declare_integer("is_compressed_pub", 0, 0, 1,
                                              "1: publish the unchanged files on /image_raw/compressed") == 1;
  return settings;
}

std::vector<std::filesystem::path> picture_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.is_regular_file(error) && entry.path().extension() != ".md") files.push_back(entry.path());
  }
  if (files.empty()) throw Error(ErrorCode::kNotFound, "the folder " + folder.string() + " contains no pictures");
  std::sort(files.begin(), files.end());
  return files;
}

Picture decode_full_hd(const std::filesystem::path& file) {
  std::vector<std::byte> bytes = base::read_file(file, image::kMaxPictureBytes);
  return image::resize(decode_picture(bytes, file.string()), kWidth, kHeight, image::ResampleFilter::kBilinear);
}

// The content of a message without its time stamp.
struct Frame {
  std::vector<std::uint8_t> bytes;
  std::string format;  // of a compressed picture
};

// Prepares and publishes messages of one type.
struct Camera {
  std::function<Frame(const std::filesystem::path&)> prepare;
  std::function<void(const Frame&)> send;
};

Camera image_camera(ros2::Node& node) {
  auto prepare = [](const std::filesystem::path& file) { return Frame{decode_full_hd(file).rgb, {}}; };
  auto publisher = node.create_publisher<ros2::Image>("/image_raw");
  auto send = [&node, publisher](const Frame& frame) mutable {
    publisher.publish({{node.now(), "camera"}, kHeight, kWidth, "rgb8", 0, 3 * kWidth, frame.bytes});
  };
  return {prepare, send};
}

Camera compressed_camera(ros2::Node& node) {
  auto prepare = [](const std::filesystem::path& file) {
    std::vector<std::byte> bytes = base::read_file(file, image::kMaxPictureBytes);
    const auto* first = reinterpret_cast<const std::uint8_t*>(bytes.data());
    return Frame{{first, first + bytes.size()}, std::string(picture_format_name(picture_format(bytes)))};
  };
  auto publisher = node.create_publisher<ros2::CompressedImage>("/image_raw/compressed");
  auto send = [&node, publisher](const Frame& frame) mutable {
    publisher.publish({{node.now(), "camera"}, frame.format, frame.bytes});
  };
  return {prepare, send};
}

Camera shared_camera(ros2::Node& node) {
  auto prepare = [](const std::filesystem::path& file) {
    Frame frame{std::vector<std::uint8_t>(std::size_t{kWidth} * kHeight * 3 / 2), {}};
    to_nv12(decode_full_hd(file), frame.bytes);
    return frame;
  };
  auto publisher = node.create_plain_publisher<ros2::HbmMsg1080P>("/hbmem_img");
  auto send = [&node, publisher, index = 0](const Frame& frame) mutable {
    auto message = publisher.loan();
    message->index = ++index;
    message->time_stamp = node.now();
    message->width = kWidth;
    message->height = kHeight;
    message->step = kWidth;
    message->data_size = static_cast<std::uint32_t>(frame.bytes.size());
    message->encoding = {'n', 'v', '1', '2'};
    std::copy(frame.bytes.begin(), frame.bytes.end(), message->data.begin());
    publisher.publish(std::move(message));
  };
  return {prepare, send};
}

// The frames of a folder. Up to kMaxFrameBytes of them are prepared before the first is sent, because decoding a file
// takes longer than the period of a camera. The others are prepared when they are sent.
class Frames {
 public:
  Frames(ros2::Node& node, const Camera& camera, std::vector<std::filesystem::path> files, const std::stop_token& stop)
      : node_(node), camera_(camera), files_(std::move(files)), ready_(files_.size()) {
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < files_.size() && bytes < kMaxFrameBytes && !stop.stop_requested(); ++i) {
      ready_[i] = make(files_[i]);
      if (ready_[i]) bytes += ready_[i]->bytes.size();
    }
  }

  std::size_t count() const { return files_.size(); }
  void send(std::size_t number) {
    const std::optional<Frame>& ready = ready_[number];
    if (std::optional<Frame> made = ready ? std::nullopt : make(files_[number])) camera_.send(*made);
    if (ready) camera_.send(*ready);
  }

 private:
  std::optional<Frame> make(const std::filesystem::path& file) {
    try {
      return camera_.prepare(file);
    } catch (const Error& error) {
      node_.logger().warn(error.what());
      return std::nullopt;
    }
  }

  ros2::Node& node_;
  Camera camera_;
  std::vector<std::filesystem::path> files_;
  std::vector<std::optional<Frame>> ready_;
};

int run(const ros2::Participant& participant, const ros2::Arguments& arguments, const base::StopSignal& stop) {
  ros2::Node node(participant, arguments, "clip_publish_pictures");
  ParameterBlock block(node.parameters());
  PublishSettings settings = declare_settings(block);
  block.log(node.logger());
  Camera camera = settings.shared       ? shared_camera(node)
                  : settings.compressed ? compressed_camera(node)
                                        : image_camera(node);
  std::stop_token token = stop.token();
  Frames frames(node, camera, picture_files(settings.folder), token);
  auto period = std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(1 / settings.rate));
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_lock lock(mutex);
  auto next = std::chrono::steady_clock::now();
  for (std::int64_t i = 0; (settings.count == 0 || i < settings.count) && !token.stop_requested(); ++i) {
    try {
      frames.send(static_cast<std::size_t>(i) % frames.count());
    } catch (const Error& error) {
      node.logger().warn(error.what());
    }
    next = std::max(next + period, std::chrono::steady_clock::now());
    changed.wait_until(lock, token, next, [] { return false; });
  }
  return 0;
}

void declare(ros2::Parameters& parameters) {
  ParameterBlock block(parameters);
  declare_settings(block);
}

}  // namespace

NodeProgram publish_program() {
  return {"clip_publish_pictures", "publishes the pictures of a folder like a camera", declare, run};
}

}  // namespace clipseek::nodes
