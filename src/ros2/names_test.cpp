#include "ros2/names.h"

#include <gtest/gtest.h>

#include "clipseek/error.h"

namespace clipseek::ros2 {
namespace {

TEST(Names, AreExpandedAsByRcl) {
  EXPECT_EQ(expand_name("/chatter", "/ns", "n"), "/chatter");
  EXPECT_EQ(expand_name("chatter", "/ns", "n"), "/ns/chatter");
  EXPECT_EQ(expand_name("chatter", "/", "n"), "/chatter");
  EXPECT_EQ(expand_name("~/query", "/ns", "n"), "/ns/n/query");
  EXPECT_EQ(expand_name("~", "/", "n"), "/n");
}

TEST(Names, InvalidNamesAreRejected) {
  for (const char* name : {"", "/", "a//b", "a/", "1a", "a b", "a-b", "~x", "/a/2"}) {
    EXPECT_THROW(expand_name(name, "/", "n"), Error) << name;
  }
  for (const char* name : {"", "a/b", "9a", "a.b"}) EXPECT_THROW(check_node_name(name), Error) << name;
  EXPECT_THROW(check_node_name(std::string(256, 'a')), Error);
  EXPECT_NO_THROW(check_node_name(std::string(255, 'a')));
  EXPECT_THROW(normalized_namespace("/a/"), Error);
  EXPECT_EQ(normalized_namespace(""), "/");
  EXPECT_EQ(normalized_namespace("a/b"), "/a/b");
}

TEST(Names, AreMappedToDdsNames) {
  EXPECT_EQ(dds_topic("/ns/chatter"), "rt/ns/chatter");
  EXPECT_EQ(dds_request_topic("/a/_action/send_goal"), "rq/a/_action/send_goalRequest");
  EXPECT_EQ(dds_reply_topic("/n/get_parameters"), "rr/n/get_parametersReply");
  EXPECT_EQ(dds_type_name("std_msgs/msg/String"), "std_msgs::msg::dds_::String_");
  EXPECT_EQ(dds_type_name("rcl_interfaces/srv/GetParameters_Request"),
            "rcl_interfaces::srv::dds_::GetParameters_Request_");
  EXPECT_EQ(ros_type_name("std_msgs::msg::dds_::String_"), "std_msgs/msg/String");
  EXPECT_EQ(ros_type_name("HelloWorld"), "");
}

TEST(Names, NodePatterns) {
  EXPECT_TRUE(matches_node_pattern("/**", "/a/b"));
  EXPECT_TRUE(matches_node_pattern("/*", "/a"));
  EXPECT_FALSE(matches_node_pattern("/*", "/a/b"));
  EXPECT_TRUE(matches_node_pattern("/a/**", "/a"));
  EXPECT_TRUE(matches_node_pattern("/**/b", "/x/y/b"));
  EXPECT_FALSE(matches_node_pattern("/a", "/ab"));
}

}  // namespace
}  // namespace clipseek::ros2
