// clip_manage in mode "serve": the built nodes run as processes; this test is the camera and sends the queries.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <mutex>

#include "../ros2/support.h"
#include "nodes/shared/clip_msgs.h"
#include "nodes/shared/item_extra.h"
#include "ros2/msg/sensor_msgs.h"

namespace clipseek::nodes {
namespace {

namespace fs = std::filesystem;
using ros2::kLimit;

struct OwnDomain {
  OwnDomain() {
    ros2::take_domain();
    setenv("RCUTILS_LOGGING_USE_STDOUT", "1", 1);  // Peer reads standard output
  }
};

std::vector<std::string> node_arguments(const std::vector<std::string>& parameters) {
  std::vector<std::string> words{"--ros-args", "--disable-external-lib-logs"};
  for (const std::string& parameter : parameters) words.insert(words.end(), {"-p", parameter});
  return words;
}

void wait_for_line(ros2::Peer& node, const std::string& part) {
  for (std::string line = node.read_line(); line.find(part) == std::string::npos; line = node.read_line()) {
    ASSERT_NE(line, "") << "no line with '" << part << "' was printed";
  }
}

// The RGB bytes of a picture with two colours side by side.
constexpr std::uint32_t kSide = 64;
std::vector<std::uint8_t> two_colours(std::array<std::uint8_t, 3> left, std::array<std::uint8_t, 3> right) {
  std::vector<std::uint8_t> rgb;
  for (std::uint32_t i = 0; i < kSide * kSide; ++i) {
    const auto& colour = i % kSide < kSide / 2 ? left : right;
    rgb.insert(rgb.end(), colour.begin(), colour.end());
  }
  return rgb;
}

// Writes such a picture as a 24-bit BMP, whose rows are stored bottom-up, as BGR.
void write_bmp(const fs::path& path, const std::vector<std::uint8_t>& rgb) {
  std::string bytes = "BM";
  auto number = [&bytes](std::uint32_t value, int width) {
    for (int i = 0; i < width; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
  };
  std::uint32_t size = 3 * kSide * kSide;
  for (std::uint32_t value : {54 + size, 0U, 54U, 40U, kSide, kSide}) number(value, 4);
  number(1, 2);
  number(24, 2);
  for (std::uint32_t value : {0U, size, 0U, 0U, 0U, 0U}) number(value, 4);
  for (std::uint32_t i = 0; i < kSide * kSide; ++i) {
    for (std::uint32_t channel : {2U, 1U, 0U}) bytes += static_cast<char>(rgb[3 * i + channel]);
  }
  std::ofstream(path, std::ios::binary) << bytes;
}

class Serve : private OwnDomain, public testing::Test {
 protected:
  Serve() {
    std::string name = testing::TempDir() + "clipseek_serve_XXXXXX";
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    images_.emplace(CLIPSEEK_IMAGE_NODE, node_arguments({"feed_type:=1", "is_shared_mem_sub:=0"}));
    texts_.emplace(CLIPSEEK_TEXT_NODE, node_arguments({"feed_type:=true"}));
    manage_.emplace(CLIPSEEK_MANAGE_NODE,
                    node_arguments({"mode:=2", "memory_threshold:=0.9999", "db_file:=" + (folder_ / "clip.db").string(),
                                    "result_folder:=" + (folder_ / "result").string()}));
    wait_for_line(*images_, "Create subscription with topic_name: /image_raw");
    wait_for_line(*manage_, "Serving, current num of database: 0.");
  }
  ~Serve() override {
    manage_.reset();
    fs::remove_all(folder_);
  }

  ros2::GoalOutcome<Search> search(const Search::Goal& goal) {
    EXPECT_TRUE(client_.wait_for_server(kLimit));
    auto outcome = client_.send_goal(goal).wait(kLimit);
    EXPECT_TRUE(outcome);
    return outcome.value_or(ros2::GoalOutcome<Search>{ros2::GoalEnd::kLost, {}, "no outcome"});
  }

  // Publishes a picture until the database has `items` items, because DDS may need time to match the endpoints.
  void show(std::int32_t second, const std::vector<std::uint8_t>& rgb, std::size_t items) {
    ros2::Image image;
    image.header = {{second, 5}, "front"};
    image.height = image.width = kSide;
    image.encoding = "rgb8";
    image.step = 3 * kSide;
    image.data = rgb;
    auto enough = [&] {
      camera_.publish(image);
      return search({"anything", "", 100}).result.items.size() >= items;
    };
    EXPECT_TRUE(ros2::wait_until(enough, kLimit));
    EXPECT_EQ(search({"anything", "", 100}).result.items.size(), items);
  }

  fs::path folder_;
  std::optional<ros2::Peer> images_;
  std::optional<ros2::Peer> texts_;
  std::optional<ros2::Peer> manage_;
  ros2::Tester tester_;
  ros2::Publisher<ros2::Image> camera_ = tester_.node.create_publisher<ros2::Image>("/image_raw");
  ros2::ActionClient<Search> client_ = tester_.node.create_action_client<Search>("clip_search");
};

TEST_F(Serve, PicturesOfACameraAreStoredAndFound) {
  std::vector<std::uint8_t> red_blue = two_colours({220, 20, 20}, {20, 20, 220});
  std::vector<std::uint8_t> green_white = two_colours({20, 200, 20}, {250, 250, 250});
  show(1000, red_blue, 1);
  show(1001, red_blue, 1);  // the same picture with a later stamp is not stored again
  show(1002, green_white, 2);

  write_bmp(folder_ / "green_white.bmp", green_white);
  auto outcome = search({"", (folder_ / "green_white.bmp").string(), 1});
  EXPECT_EQ(outcome.end, ros2::GoalEnd::kSucceeded);
  EXPECT_TRUE(outcome.result.success) << outcome.result.message;
  ASSERT_EQ(outcome.result.items.size(), 1U);
  ASSERT_EQ(outcome.result.similarities.size(), 1U);
  const ClipItem& item = outcome.result.items[0];
  EXPECT_EQ(item.url, "ros:/image_raw/1002.000000005");
  EXPECT_EQ(find_extra(item, kStampKey), "1002.000000005");
  EXPECT_EQ(find_extra(item, kFrameKey), "front");
  EXPECT_EQ(find_size(item, kWidthKey), 64);
  EXPECT_GT(outcome.result.similarities[0], 0.99F);
}

TEST_F(Serve, AQueryOnATopicIsAnsweredOnATopic) {
  std::promise<std::string> answer;
  std::once_flag once;
  auto results = tester_.node.create_subscription<ros2::String>("/ClipNode/results", [&](const ros2::String& message) {
    std::call_once(once, [&] { answer.set_value(message.data); });
  });
  auto query = tester_.node.create_publisher<ros2::String>("/ClipNode/query");
  auto answered = answer.get_future();
  EXPECT_TRUE(ros2::wait_until(
      [&] {
        query.publish({"a dog"});
        return answered.wait_for(std::chrono::milliseconds(500)) == std::future_status::ready;
      },
      kLimit));
  EXPECT_EQ(answered.get(), R"({"clipseek_results":1,"text":"a dog","url":"","results":[]})");
  EXPECT_TRUE(fs::exists(folder_ / "result" / "results.json"));
}

TEST_F(Serve, ASubscriberReceivesTheAnswerOfModeQuery) {
  show(1000, two_colours({220, 20, 20}, {20, 20, 220}), 1);
  std::promise<std::string> answer;
  auto results = tester_.node.create_subscription<ros2::String>(
      "/client/ClipNode/results", [&](const ros2::String& message) { answer.set_value(message.data); });
  auto arguments = node_arguments({"mode:=1", "text:=red", "db_file:=" + (folder_ / "clip.db").string(),
                                   "result_folder:=" + (folder_ / "client_result").string()});
  arguments.insert(arguments.end(), {
                                        "-r",
                                        "__ns:=/client",
                                    });
  for (const char* part : {"send_goal", "cancel_goal", "get_result", "feedback", "status"}) {
    std::string name = std::string("clip_text_action/_action/") + part;
    arguments.insert(arguments.end(), {"-r", "/client/" + name + ":=/" + name});
  }
  ros2::Peer client(CLIPSEEK_MANAGE_NODE, arguments);
  std::string log;
  for (std::string line = client.read_line(); !line.empty(); line = client.read_line()) log += line + "\n";
  EXPECT_EQ(client.wait(), 0);
  auto answered = answer.get_future();
  ASSERT_EQ(answered.wait_for(std::chrono::seconds(5)), std::future_status::ready) << log;
  EXPECT_NE(answered.get().find("ros:/image_raw/1000.000000005"), std::string::npos);
}

TEST_F(Serve, ASearchSucceedsIfTheResultFolderCannotBeWritten) {
  show(1000, two_colours({220, 20, 20}, {20, 20, 220}), 1);
  fs::remove_all(folder_ / "result");
  std::ofstream(folder_ / "result") << "a file in its place";
  auto outcome = search({"red", "", 1});
  EXPECT_EQ(outcome.end, ros2::GoalEnd::kSucceeded);
  EXPECT_EQ(outcome.result.items.size(), 1U);
}

TEST_F(Serve, ASearchThatWaitsForAnEncoderIsCancelled) {
  texts_->signal(SIGTERM);
  EXPECT_EQ(texts_->wait(), 0);
  ASSERT_TRUE(client_.wait_for_server(kLimit));
  auto goal = client_.send_goal({"red", "", 1});
  ASSERT_TRUE(goal.wait_accepted(kLimit));
  goal.cancel();
  auto outcome = goal.wait(kLimit);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->end, ros2::GoalEnd::kCanceled);
  EXPECT_EQ(outcome->result.error_code, error_info(ErrorCode::kCancelled).ros_error_code);
}

// Restarts both nodes with best effort for each of their topics.
TEST_F(Serve, UsersCanOverrideTheQosOfTheTopics) {
  auto overrides = [](const std::vector<std::string>& ends) {
    std::vector<std::string> parameters;
    for (const std::string& end : ends) parameters.push_back("qos_overrides." + end + ".reliability:=best_effort");
    return parameters;
  };
  auto images = overrides({"/image_raw.subscription", "/clip_image_features.publisher"});
  images.insert(images.end(), {"feed_type:=1", "is_shared_mem_sub:=0"});
  images_.emplace(CLIPSEEK_IMAGE_NODE, node_arguments(images));
  auto manage =
      overrides({"/clip_image_features.subscription", "/ClipNode/query.subscription", "/ClipNode/results.publisher"});
  manage.insert(manage.end(), {"mode:=2", "db_file:=" + (folder_ / "other.db").string(),
                               "result_folder:=" + (folder_ / "result").string()});
  manage_.emplace(CLIPSEEK_MANAGE_NODE, node_arguments(manage));
  wait_for_line(*manage_, "Serving, current num of database: 0.");
  // The endpoints of the killed nodes are known until their leases expire; all of them are reliable.
  auto is_best_effort = [&](const std::string& topic, bool is_writer) {
    std::vector<ros2::RemoteEndpoint> all = tester_.participant.endpoints();
    return std::any_of(all.begin(), all.end(), [&](const ros2::RemoteEndpoint& endpoint) {
      return endpoint.topic == "rt" + topic && endpoint.is_writer == is_writer && !endpoint.reliable;
    });
  };
  const std::pair<const char*, bool> ends[] = {{"/image_raw", false},
                                               {"/clip_image_features", true},
                                               {"/clip_image_features", false},
                                               {"/ClipNode/query", false},
                                               {"/ClipNode/results", true}};
  for (const auto& [topic, is_writer] : ends) {
    EXPECT_TRUE(tester_.participant.wait_until([&] { return is_best_effort(topic, is_writer); }, kLimit)) << topic;
  }
}

TEST_F(Serve, GoalsEndWithTheRightErrorCodes) {
  auto nothing = search({"", "", 1});
  EXPECT_EQ(nothing.end, ros2::GoalEnd::kAborted);
  EXPECT_FALSE(nothing.result.success);
  EXPECT_EQ(nothing.result.error_code, error_info(ErrorCode::kInvalidArgument).ros_error_code);
  auto missing = search({"", (folder_ / "none.jpg").string(), 1});
  EXPECT_EQ(missing.end, ros2::GoalEnd::kAborted);
  EXPECT_EQ(missing.result.error_code, error_info(ErrorCode::kNotFound).ros_error_code);
  EXPECT_NE(missing.result.message.find("none.jpg"), std::string::npos) << missing.result.message;
  auto data = search({"", "data:image/gif;base64,AAAA", 1});
  EXPECT_EQ(data.end, ros2::GoalEnd::kAborted);

  for (ros2::Peer* node : {&*manage_, &*images_, &*texts_}) {
    node->signal(node == &*images_ ? SIGINT : SIGTERM);
    EXPECT_EQ(node->wait(), 0);
  }
}

}  // namespace
}  // namespace clipseek::nodes
