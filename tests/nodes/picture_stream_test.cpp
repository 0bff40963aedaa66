// The image encoder node, as a process, with the pictures of topics; this test is the camera.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <map>
#include <mutex>
#include <optional>

#include "../ros2/support.h"
#include "nodes/shared/clip_msgs.h"
#include "ros2/msg/ai_msgs.h"
#include "ros2/msg/diagnostic_msgs.h"
#include "ros2/msg/lifecycle_msgs.h"
#include "ros2/msg/rcl_interfaces.h"
#include "ros2/msg/sensor_msgs.h"

namespace clipseek::nodes {
namespace {

using ros2::kLimit;

ros2::Image uniform_picture(std::int32_t second, std::uint8_t brightness) {
  constexpr std::uint32_t kSide = 64;
  ros2::Image image;
  image.header = {{second, 0}, "front"};
  image.height = image.width = kSide;
  image.encoding = "mono8";
  image.step = kSide;
  image.data.assign(std::size_t{kSide} * kSide, brightness);
  return image;
}

// The values of the part "pictures" of the node's diagnostics.
std::map<std::string, std::string> picture_values(const ros2::DiagnosticArray& message) {
  std::map<std::string, std::string> values;
  for (const ros2::DiagnosticStatus& part : message.status) {
    if (part.name != "ClipImageNode: pictures") continue;
    for (const ros2::KeyValue& one : part.values) values[one.key] = one.value;
  }
  return values;
}

class PictureStreamNode : public testing::Test {
 protected:
  PictureStreamNode() {
    features_ = tester_->node.create_subscription<ClipItem>("clip_image_features", [this](const ClipItem& item) {
      std::lock_guard lock(mutex_);
      if (urls_.empty() || urls_.back() != item.url) urls_.push_back(item.url);
    });
  }

  void start(const std::vector<std::string>& parameters) {
    std::vector<std::string> words{"--ros-args", "--disable-external-lib-logs", "-p", "feed_type:=1"};
    for (const std::string& parameter : parameters) words.insert(words.end(), {"-p", parameter});
    node_.emplace(CLIPSEEK_IMAGE_NODE, words);
  }

  // Returns the first line with this part.
  std::string wait_for_line(const std::string& part) {
    std::string line = node_->read_line();
    while (line.find(part) == std::string::npos && !line.empty()) line = node_->read_line();
    EXPECT_NE(line, "") << "no line with '" << part << "' was printed";
    return line;
  }

  std::vector<std::string> urls() {
    std::lock_guard lock(mutex_);
    return urls_;
  }

  // Publishes `image` until its feature has arrived, because DDS may need time to match the endpoints.
  void show_until_encoded(const ros2::Image& image) {
    const std::string url = "ros:/image_raw/" + std::to_string(image.header.stamp.sec) + ".000000000";
    EXPECT_TRUE(ros2::wait_until(
        [&] {
          camera_.publish(image);
          std::vector<std::string> encoded = urls();
          return !encoded.empty() && encoded.back() == url;
        },
        kLimit))
        << url;
  }

  // From now on, value() has the newest value of the part "pictures" of the node's diagnostics.
  void watch_diagnostics() {
    diagnostics_ = tester_->node.create_subscription<ros2::DiagnosticArray>(
        "/diagnostics", [this](const ros2::DiagnosticArray& message) {
          std::lock_guard lock(mutex_);
          values_ = picture_values(message);
        });
  }
  std::string value(const std::string& key) {
    std::lock_guard lock(mutex_);
    return values_[key];
  }

  struct OwnDomain {
    OwnDomain() {
      ros2::take_domain();
      setenv("RCUTILS_LOGGING_USE_STDOUT", "1", 1);  // Peer reads standard output
    }
  } domain_;
  std::optional<ros2::Tester> tester_{std::in_place};
  ros2::Publisher<ros2::Image> camera_ = tester_->node.create_publisher<ros2::Image>("/image_raw");
  std::mutex mutex_;
  std::vector<std::string> urls_;  // of the features, without repetitions
  std::map<std::string, std::string> values_;
  ros2::Subscription<ClipItem> features_;
  ros2::Subscription<ros2::DiagnosticArray> diagnostics_;
  std::optional<ros2::Peer> node_;
};

TEST_F(PictureStreamNode, NamesTheTopicWithAPublisherWhenNoPictureArrives) {
  start({});
  EXPECT_NE(wait_for_line("no picture for 5 s on /hbmem_img")
                .find("/image_raw (sensor_msgs/msg/Image): set "
                      "is_shared_mem_sub:=0"),
            std::string::npos);
}

TEST_F(PictureStreamNode, InAutoModeItSubscribesToTheTopicWithAPublisher) {
  start({"is_shared_mem_sub:=2"});
  wait_for_line("Create subscription with topic_name: /image_raw");
  show_until_encoded(uniform_picture(1, 100));
}

TEST_F(PictureStreamNode, AThresholdThatIsSetWhileItRunsLeavesOutUnchangedPictures) {
  start({"is_shared_mem_sub:=0"});
  show_until_encoded(uniform_picture(1, 100));
  show_until_encoded(uniform_picture(2, 100));

  auto set = tester_->node.create_client<ros2::SetParameters>("/ClipImageNode/set_parameters");
  ASSERT_TRUE(set.wait_for_service(kLimit));
  auto results = set.call({{{"min_change", ros2::to_message(ros2::ParameterValue(5.0))},
                            {"image_topic", ros2::to_message(ros2::ParameterValue(std::string("/other")))}}},
                          kLimit)
                     .results;
  EXPECT_TRUE(results.at(0).successful) << results.at(0).reason;
  EXPECT_FALSE(results.at(1).successful);  // read-only

  show_until_encoded(uniform_picture(3, 150));
  watch_diagnostics();
  EXPECT_TRUE(ros2::wait_until(
      [&] {
        camera_.publish(uniform_picture(4, 152));
        return value("left out: min_change").size() > 1;  // at least 10
      },
      kLimit));
  show_until_encoded(uniform_picture(5, 160));
  EXPECT_EQ(urls(), (std::vector<std::string>{"ros:/image_raw/1.000000000", "ros:/image_raw/2.000000000",
                                              "ros:/image_raw/3.000000000", "ros:/image_raw/5.000000000"}));
}

TEST_F(PictureStreamNode, PublishesTheBestSentencesOfAList) {
  std::optional<ros2::PerceptionTargets> received;
  auto perceptions = tester_->node.create_subscription<ros2::PerceptionTargets>(
      "clip_perceptions", [&](const ros2::PerceptionTargets& message) {
        std::lock_guard lock(mutex_);
        received = message;
      });
  start({"is_shared_mem_sub:=0", "sentences:=[a dog, a cat, a red square]", "sentences_topk:=2"});
  EXPECT_TRUE(ros2::wait_until(
      [&] {
        camera_.publish(uniform_picture(7, 100));
        std::lock_guard lock(mutex_);
        return received.has_value();
      },
      kLimit));
  std::lock_guard lock(mutex_);
  ASSERT_TRUE(received);
  EXPECT_EQ(received->header, (ros2::Header{{7, 0}, "front"}));
  ASSERT_EQ(received->targets.size(), 1U);
  const std::vector<ros2::Attribute>& scores = received->targets[0].attributes;
  ASSERT_EQ(scores.size(), 2U);
  EXPECT_GE(scores[0].value, scores[1].value);
  EXPECT_GE(scores[0].confidence, 1.0F / 3);
}

TEST_F(PictureStreamNode, ReportsItsPicturesInDiagnostics) {
  watch_diagnostics();
  start({"is_shared_mem_sub:=0"});
  show_until_encoded(uniform_picture(1, 100));
  ros2::Image broken = uniform_picture(2, 100);
  broken.data.resize(10);
  EXPECT_TRUE(ros2::wait_until(
      [&] {
        camera_.publish(broken);
        return !value("last error").empty() && value("publishers") == "1";
      },
      kLimit));
  EXPECT_EQ(value("topic"), "/image_raw");
  EXPECT_EQ(value("type"), "sensor_msgs/msg/Image");
  EXPECT_NE(value("encoded"), "0");
  EXPECT_NE(value("rejected"), "0");
  EXPECT_NE(value("last error").find("bytes"), std::string::npos) << value("last error");
}

TEST_F(PictureStreamNode, IsStartedAndStoppedByItsLifecycle) {
  auto change = tester_->node.create_client<ros2::ChangeState>("/ClipImageNode/change_state");
  auto trigger = [&](const std::string& label) { return change.call({{0, label}}, kLimit).success; };
  start({"is_shared_mem_sub:=0", "autostart:=false"});
  ASSERT_TRUE(change.wait_for_service(kLimit));
  EXPECT_FALSE(trigger("activate"));
  EXPECT_TRUE(trigger("configure"));
  EXPECT_TRUE(trigger("activate"));
  show_until_encoded(uniform_picture(1, 100));
  EXPECT_TRUE(trigger("deactivate"));
  EXPECT_TRUE(ros2::wait_until([&] { return camera_.subscribers() == 0; }, kLimit));
  EXPECT_TRUE(trigger("cleanup"));
  EXPECT_TRUE(trigger("configure"));
  EXPECT_TRUE(trigger("activate"));
  show_until_encoded(uniform_picture(3, 100));
  EXPECT_EQ(urls(), (std::vector<std::string>{"ros:/image_raw/1.000000000", "ros:/image_raw/3.000000000"}));
}

}  // namespace
}  // namespace clipseek::nodes
