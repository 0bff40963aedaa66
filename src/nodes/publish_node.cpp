// Node clip_publish_pictures: a camera made of files.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/mapped_file.h"
#include "image/preprocess.h"
#include "nodes/encoder_nodes.h"
#include "nodes/parameter_block.h"
#include "nodes/picture_message.h"

namespace clipseek::nodes {
namespace {

constexpr int kWidth = 1920;
constexpr int kHeight = 1080;
constexpr std::size_t kMaxFileBytes = std::size_t{512} << 20;

struct PublishSettings {
  std::filesystem::path folder;
  double rate;
  std::int64_t count;
  bool shared;
  bool compressed;
};

PublishSettings declare_settings(ros2::Node& node) {
  ParameterBlock block(node);
  PublishSettings settings;
  settings.folder = block.declare("folder", std::string("."), "its pictures are published, by name, again and again");
  ros2::ParameterDescription hertz;
  hertz.floating_point_range = ros2::FloatingPointRange{0.01, 1000, 0};
  settings.rate = block.declare("rate", 10.0, "pictures a second", "", std::move(hertz));
  settings.count = block.declare_integer("count", 0, 0, 1'000'000'000, "how many pictures; 0: until a stop");
  settings.shared = block.declare_integer("is_shared_mem_pub", 0, 0, 1, "1: as HbmMsg1080P on /hbmem_img") == 1;
  settings.compressed =
      block.declare_integer("is_compressed_pub", 0, 0, 1, "1: the files as they are on /image_raw/compressed") == 1;
  block.log();
  return settings;
}

std::vector<std::filesystem::path> picture_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.is_regular_file(error) && entry.path().extension() != ".md") files.push_back(entry.path());
  }
  if (files.empty()) throw Error(ErrorCode::kNotFound, "there are no pictures in " + folder.string());
  std::sort(files.begin(), files.end());
  return files;
}

ros2::Time now() {
  constexpr long long kSecond = 1'000'000'000;
  auto time = std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch());
  return {static_cast<std::int32_t>(time.count() / kSecond), static_cast<std::uint32_t>(time.count() % kSecond)};
}

Picture screen_of(const std::filesystem::path& file) {
  std::vector<std::byte> bytes = read_file(file, kMaxFileBytes);
  return resize(decode_picture(bytes, file.string()), kWidth, kHeight, ResampleFilter::kBilinear);
}

using Publish = std::function<void(const std::filesystem::path&)>;

Publish image_publisher(ros2::Node& node) {
  return [publisher = node.create_publisher<ros2::Image>("/image_raw")](const std::filesystem::path& file) mutable {
    Picture picture = screen_of(file);
    publisher.publish({{now(), "camera"}, kHeight, kWidth, "rgb8", 0, 3 * kWidth, std::move(picture.rgb)});
  };
}

Publish compressed_publisher(ros2::Node& node) {
  auto publisher = node.create_publisher<ros2::CompressedImage>("/image_raw/compressed");
  return [publisher](const std::filesystem::path& file) mutable {
    std::vector<std::byte> bytes = read_file(file, kMaxFileBytes);
    ros2::CompressedImage message{{now(), "camera"}, std::string(picture_format_name(picture_format(bytes))), {}};
    const auto* first = reinterpret_cast<const std::uint8_t*>(bytes.data());
    message.data.assign(first, first + bytes.size());
    publisher.publish(message);
  };
}

Publish shared_publisher(ros2::Node& node) {
  auto publisher = node.create_plain_publisher<ros2::HbmMsg1080P>("/hbmem_img");
  return [publisher, index = 0](const std::filesystem::path& file) mutable {
    Picture picture = screen_of(file);
    auto message = publisher.loan();
    message->index = ++index;
    message->time_stamp = now();
    message->width = kWidth;
    message->height = kHeight;
    message->step = kWidth;
    message->data_size = kWidth * kHeight * 3 / 2;
    message->encoding = {'n', 'v', '1', '2'};
    to_nv12(picture, std::span(message->data).first(message->data_size));
    publisher.publish(std::move(message));
  };
}

}  // namespace

int run_publish_node(const ros2::Participant& participant, const ros2::Arguments& arguments,
                     const ros2::StopSignal& stop) {
  ros2::Node node(participant, arguments, "clip_publish_pictures");
  PublishSettings settings = declare_settings(node);
  std::vector<std::filesystem::path> files = picture_files(settings.folder);
  Publish publish = settings.shared       ? shared_publisher(node)
                    : settings.compressed ? compressed_publisher(node)
                                          : image_publisher(node);
  std::stop_token token = stop.token();
  auto period = std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(1 / settings.rate));
  auto next = std::chrono::steady_clock::now();
  for (std::int64_t i = 0; (settings.count == 0 || i < settings.count) && !token.stop_requested(); ++i) {
    const std::filesystem::path& file = files[static_cast<std::size_t>(i) % files.size()];
    try {
      publish(file);
    } catch (const Error& error) {
      node.logger().warn(error.what());
    }
    next = std::max(next + period, std::chrono::steady_clock::now());
    auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(next - std::chrono::steady_clock::now());
    ros2::wait_until([] { return false; }, wait, token);
  }
  return 0;
}

}  // namespace clipseek::nodes
