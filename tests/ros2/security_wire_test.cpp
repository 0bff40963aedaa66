// Nodes with DDS security, between two processes, with a keystore that make_keystore.sh makes.
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>

#include "clipseek/error.h"
#include "ros2/fast_dds.h"
#include "ros2/msg/hbm_img_msgs.h"
#include "ros2/msg/std_msgs.h"
#include "support.h"

namespace clipseek::ros2 {
namespace {

namespace fs = std::filesystem;

class SecurityWire : public testing::Test {
 protected:
  void SetUp() override {
#if !HAVE_SECURITY
    GTEST_SKIP() << "this Fast DDS is built without security";
#endif
    if (std::system("command -v openssl >/dev/null") != 0) GTEST_SKIP() << "there is no openssl command";
    take_domain();
    const std::string log = keystore_.string() + ".log";
    const std::string make = std::string(CLIPSEEK_SOURCE_DIR) + "/tests/ros2/make_keystore.sh " + keystore_.string();
    ASSERT_EQ(std::system((make + " >" + log + " 2>&1").c_str()), 0) << "see " << log;
    fs::remove(log);
    setenv("ROS_SECURITY_KEYSTORE", keystore_.c_str(), 1);
    setenv("ROS_SECURITY_ENABLE", "true", 1);
    setenv("ROS_SECURITY_STRATEGY", "Enforce", 1);
  }
  void TearDown() override {
    fs::remove_all(keystore_);
  }

  static std::string refusal(const std::function<void()>& create) {
    try {
      create();
    } catch (const Error& error) {
      return error.what();
    }
    return "not refused";
  }
  static bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  }

  fs::path keystore_ = fs::temp_directory_path() / ("clipseek_secured_" + std::to_string(getpid()));
};

TEST_F(SecurityWire, AllowedTopicsPassAndOthersAreRefusedWithAReason) {
  Peer peer({"server", "--ros-args", "-e", "/peer"});
  Participant participant(participant_options("/tester"));
  Node node(participant, quiet_arguments(), "tester");
  peer.expect_line("ready");
  std::atomic<int> correct = 0;
  auto listener = node.create_subscription<String>(
      "/heard", [&](const String& message) { correct += message.data == "heard hello" ? 1 : 0; });
  auto speaker = node.create_publisher<String>("/said");
  for (int i = 0; i < 60 && correct == 0; ++i) {
    speaker.publish({"hello"});
    wait_until([&] { return correct > 0; }, std::chrono::seconds(1));
  }
  EXPECT_GT(correct, 0);

  const std::string publish = refusal([&] { node.create_publisher<String>("/secret"); });
  EXPECT_TRUE(has(publish, "Security is on")) << publish;
  EXPECT_TRUE(has(publish, "enclave /tester ")) << publish;
  EXPECT_TRUE(has(publish, "<topic>rt/secret</topic> to <publish>")) << publish;
  const std::string subscribe = refusal([&] { node.create_subscription<String>("/said", [](const String&) {}); });
  EXPECT_TRUE(has(subscribe, "<topic>rt/said</topic> to <subscribe>")) << subscribe;
}

// Fast DDS does not share memory on a protected topic.
TEST_F(SecurityWire, PicturesOfAProtectedTopicComeOverTheNetwork) {
  Peer camera({"camera", "--ros-args", "-e", "/peer"});
  Participant participant(participant_options("/peer"));
  Node node(participant, quiet_arguments(), "tester");
  std::atomic<int> intact = 0;
  auto pictures = node.create_plain_subscription<HbmMsg480P>(
      "pictures",
      [&](const SharedMessage<HbmMsg480P>& picture) {
        intact += picture->data.back() == static_cast<std::uint8_t>(picture->index) && picture.valid() ? 1 : 0;
      },
      Qos{});
  camera.expect_line("ready");
  for (int i = 0; i < 60 && intact == 0; ++i) {
    camera.write_line("send");
    wait_until([&] { return intact > 0; }, std::chrono::seconds(1));
  }
  EXPECT_GT(intact, 0);
  camera.close_input();
  EXPECT_EQ(camera.wait(), 0);
}

TEST_F(SecurityWire, ADomainThatTheGovernanceLacksIsNamed) {
  const std::string text = refusal([] {
    Participant participant(participant_options("/elsewhere"));
    Node node(participant, quiet_arguments(), "tester");
  });
  EXPECT_TRUE(has(text, "enclave /elsewhere ")) << text;
  EXPECT_TRUE(has(text, "in domain " + std::string(std::getenv("ROS_DOMAIN_ID")) + ".")) << text;
}

// Permissions that were changed after they were signed.
TEST_F(SecurityWire, AParticipantWithInvalidFilesIsRefusedWithAReason) {
  const fs::path file = keystore_ / "enclaves" / "tester" / "permissions.p7s";
  std::ostringstream content;
  content << std::ifstream(file).rdbuf();
  std::string permissions = content.str();
  const std::size_t topic = permissions.find("rt/said");
  ASSERT_NE(topic, std::string::npos);
  permissions.replace(topic, 7, "rt/fake");
  std::ofstream(file) << permissions;
  const std::string text = refusal([] { Participant participant(participant_options("/tester")); });
  EXPECT_TRUE(has(text, "security is on")) << text;
  EXPECT_TRUE(has(text, "enclave /tester in " + file.parent_path().string())) << text;
}

}  // namespace
}  // namespace clipseek::ros2
