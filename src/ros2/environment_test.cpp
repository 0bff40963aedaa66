#include "ros2/environment.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "clipseek/error.h"

namespace clipseek::ros2 {
namespace {

class EnvironmentTest : public testing::Test {
 protected:
  EnvironmentTest() { clear(); }
  ~EnvironmentTest() override { clear(); }
  static void clear() {
    for (const char* name :
         {"ROS_DOMAIN_ID", "ROS_LOCALHOST_ONLY", "ROS_AUTOMATIC_DISCOVERY_RANGE", "ROS_STATIC_PEERS", "ROS_DISTRO",
          "FASTDDS_BUILTIN_TRANSPORTS", "CLIPSEEK_ROS_GRAPH", "CLIPSEEK_ROS_SHM", "ROS_SECURITY_ENABLE",
          "ROS_SECURITY_STRATEGY", "ROS_SECURITY_KEYSTORE", "ROS_SECURITY_ENCLAVE_OVERRIDE"}) {
      unsetenv(name);
    }
  }
  static ParticipantOptions with(const char* name, const char* value) {
    setenv(name, value, 1);
    return participant_options();
  }
};

TEST_F(EnvironmentTest, DomainIdIsParsedAsByRcl) {
  EXPECT_EQ(participant_options().domain_id, 0U);
  EXPECT_EQ(with("ROS_DOMAIN_ID", "").domain_id, 0U);
  EXPECT_EQ(with("ROS_DOMAIN_ID", "42").domain_id, 42U);
  EXPECT_EQ(with("ROS_DOMAIN_ID", "0x10").domain_id, 16U);
  EXPECT_EQ(with("ROS_DOMAIN_ID", "7abc").domain_id, 7U);
  EXPECT_THROW(with("ROS_DOMAIN_ID", "abc"), Error);
  EXPECT_THROW(with("ROS_DOMAIN_ID", "233"), Error);
}

TEST_F(EnvironmentTest, DiscoveryRange) {
  EXPECT_EQ(participant_options().range, DiscoveryRange::kSubnet);
  EXPECT_EQ(with("ROS_AUTOMATIC_DISCOVERY_RANGE", "OFF").range, DiscoveryRange::kOff);
  EXPECT_EQ(with("ROS_AUTOMATIC_DISCOVERY_RANGE", "nonsense").range, DiscoveryRange::kLocalhost);
  ParticipantOptions options = with("ROS_STATIC_PEERS", "10.0.0.1;;robot;");
  EXPECT_EQ(options.static_peers, (std::vector<std::string>{"10.0.0.1", "robot"}));
  options = with("ROS_LOCALHOST_ONLY", "1");
  EXPECT_TRUE(options.loopback_only);
  EXPECT_EQ(options.range, DiscoveryRange::kLocalhost);
  EXPECT_TRUE(options.static_peers.empty());
}

TEST_F(EnvironmentTest, ClipseekVariables) {
  EXPECT_FALSE(participant_options().shared_memory);
  EXPECT_TRUE(with("CLIPSEEK_ROS_SHM", "1").shared_memory);
  EXPECT_EQ(with("CLIPSEEK_ROS_GRAPH", "16").graph, GraphLayout::kGid16);
  EXPECT_THROW(with("CLIPSEEK_ROS_GRAPH", "17"), Error);
}

TEST_F(EnvironmentTest, TransportsAreChosen) {
  EXPECT_EQ(participant_options().transports.kind, Transports::kDefault);
  EXPECT_EQ(with("FASTDDS_BUILTIN_TRANSPORTS", "UDPv6").transports.kind, Transports::kUdpV6);
}

TEST_F(EnvironmentTest, DistroSelectsTheExpectedPeers) {
  EXPECT_FALSE(with("ROS_DISTRO", "humble").iron_or_later);
  EXPECT_TRUE(with("ROS_DISTRO", "jazzy").iron_or_later);
}

TEST_F(EnvironmentTest, EnforcedSecurityRequiresItsFiles) {
  std::filesystem::path keystore =
      std::filesystem::temp_directory_path() / ("clipseek_keystore_" + std::to_string(getpid()));
  std::filesystem::path folder = keystore / "enclaves" / "robot";
  setenv("ROS_SECURITY_KEYSTORE", keystore.c_str(), 1);
  setenv("ROS_SECURITY_ENABLE", "true", 1);
  EXPECT_TRUE(participant_options("/robot").security.empty());
  setenv("ROS_SECURITY_STRATEGY", "Enforce", 1);
  EXPECT_THROW(participant_options("/robot"), Error);
  std::filesystem::create_directories(folder);
  for (const char* name : {"identity_ca.cert.pem", "cert.pem", "key.pem", "permissions_ca.cert.pem", "governance.p7s",
                           "permissions.p7s"}) {
    std::ofstream(folder / name) << "x";
  }
  auto security = participant_options("/robot").security;
  EXPECT_EQ(security.at("dds.sec.auth.builtin.PKI-DH.private_key"), "file://" + (folder / "key.pem").string());
  EXPECT_EQ(security.size(), 9U);
  std::filesystem::remove_all(keystore);
}

}  // namespace
}  // namespace clipseek::ros2
