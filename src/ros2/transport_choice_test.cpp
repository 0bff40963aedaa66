#include "ros2/transport_choice.h"

#include <gtest/gtest.h>

namespace clipseek::ros2 {
namespace {

// Debian 12's Fast DDS 2.9.1 and Jazzy's 2.14.6.
TransportLimits debian() {
  return {.name = "Fast DDS 2.9.1", .version = 0x209};
}

TransportLimits jazzy() {
  return {.name = "Fast DDS 2.14.6",
          .version = 0x20E,
          .large_data = true,
          .large_data_v6 = true,
          .large_data_options = true};
}

TransportPlan plan(const char* text, const TransportLimits& limits) {
  return plan_transports(parse_transports(text), limits);
}

// "4", "6", "s" and "L" for UDPv4, UDPv6, shared memory and LARGE_DATA, then "!" if there is a warning.
std::string used(const TransportPlan& plan) {
  return std::string(plan.udp_v4 ? "4" : "") + (plan.udp_v6 ? "6" : "") + (plan.shared_memory ? "s" : "") +
         (plan.large_data ? "L" : "") + (plan.warning.empty() ? "" : "!");
}

TEST(TransportChoice, OptionsHaveUnits) {
  const TransportChoice choice =
      parse_transports("LARGE_DATA?max_msg_size=200KB&sockets_size=1MiB&non_blocking=true&tcp_negotiation_timeout=50");
  EXPECT_EQ(choice.kind, Transports::kLargeData);
  EXPECT_EQ(choice.max_message_bytes, 200'000U);
  EXPECT_EQ(choice.socket_bytes, 1U << 20);
  EXPECT_TRUE(choice.non_blocking);
  EXPECT_EQ(choice.tcp_negotiation_ms, 50U);
  EXPECT_EQ(parse_transports("UDPv4?max_msg_size=1000").max_message_bytes, 1'000U);
}

TEST(TransportChoice, WhatCannotBeReadKeepsItsDefault) {
  EXPECT_EQ(parse_transports("udpv4").kind, Transports::kDefault);
  EXPECT_EQ(parse_transports("").kind, Transports::kDefault);
  const TransportChoice choice =
      parse_transports("LARGE_DATA?max_msg_size=5GB&sockets_size=many&non_blocking=1&x=2&tcp_negotiation_timeout=1MB");
  EXPECT_EQ(choice.kind, Transports::kLargeData);
  EXPECT_EQ(choice.max_message_bytes, 0U);
  EXPECT_EQ(choice.socket_bytes, 0U);
  EXPECT_FALSE(choice.non_blocking);
  EXPECT_EQ(choice.tcp_negotiation_ms, 0U);
}

TEST(TransportChoice, UdpIsFollowedByEveryVersion) {
  for (const TransportLimits& limits : {debian(), jazzy()}) {
    EXPECT_EQ(used(plan("", limits)), "4");
    EXPECT_EQ(used(plan("DEFAULT", limits)), "4");
    EXPECT_EQ(used(plan("DEFAULTv6", limits)), "6");
    EXPECT_EQ(used(plan("UDPv4", limits)), "4");
    EXPECT_EQ(used(plan("UDPv6", limits)), "6");
    EXPECT_EQ(used(plan("NONE", limits)), "4!");
  }
}

TEST(TransportChoice, SharedMemoryAndLargeDataDependOnTheVersion) {
  EXPECT_EQ(used(plan("SHM", debian())), "4!");
  EXPECT_EQ(used(plan("LARGE_DATA", debian())), "4!");
  EXPECT_NE(plan("LARGE_DATA", debian()).warning.find("Fast DDS 2.9.1 "), std::string::npos);
  EXPECT_EQ(used(plan("SHM", jazzy())), "s");
  EXPECT_EQ(used(plan("LARGE_DATA", jazzy())), "4sL");
  EXPECT_EQ(used(plan("LARGE_DATAv6?sockets_size=1MB", jazzy())), "6sL");
  TransportLimits humble = jazzy();
  humble.large_data_options = false;
  EXPECT_EQ(used(plan("LARGE_DATA?sockets_size=1MB", humble)), "4sL!");
}

TEST(TransportChoice, TheSharedMemoryVariableAllowsIt) {
  TransportLimits limits = debian();
  limits.shared_memory = true;
  EXPECT_EQ(used(plan("", limits)), "4s");
  EXPECT_EQ(used(plan("DEFAULTv6", limits)), "6s");
  EXPECT_EQ(used(plan("UDPv4", limits)), "4");
  EXPECT_EQ(used(plan("SHM", limits)), "s");
  EXPECT_EQ(used(plan("LARGE_DATA", limits)), "4s!");
}

// In this range ROS 2 sets up UDPv4 and shared memory itself, whatever the variable says.
TEST(TransportChoice, OnThisHostAloneItIsIgnoredAsByRos) {
  TransportLimits limits = jazzy();
  limits.only_this_host = true;
  EXPECT_EQ(used(plan("UDPv4", limits)), "4");
  for (const char* text : {"UDPv6", "DEFAULTv6", "SHM", "LARGE_DATA"})
    EXPECT_EQ(used(plan(text, limits)), "4!") << text;
}

}  // namespace
}  // namespace clipseek::ros2
