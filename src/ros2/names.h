// ROS names and what they become in DDS (design.ros2.org, "Topic and Service name mapping to DDS").
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace clipseek::ros2 {

// Throws Error kInvalidArgument unless `name` is a node name: letters, digits and underscores, no digit first, 255 at
// most.
void check_node_name(std::string_view name);

// A namespace in full: "/" for the root, a "/" in front, none at the end. Throws Error kInvalidArgument for a bad one.
std::string normalized_namespace(std::string_view name_space);

// "/ns/node".
std::string fully_qualified_node(std::string_view name_space, std::string_view node);

// The absolute form of a topic, service or action name: "/x" stays, "x" gets the namespace, "~/x" the node's own name.
// Throws Error kInvalidArgument for a bad name.
std::string expand_name(std::string_view name, std::string_view name_space, std::string_view node);

std::string dds_topic(std::string_view topic);            // "/chatter" -> "rt/chatter"
std::string dds_request_topic(std::string_view service);  // "/add" -> "rq/addRequest"
std::string dds_reply_topic(std::string_view service);    // "/add" -> "rr/addReply"

// "std_msgs/msg/String" -> "std_msgs::msg::dds_::String_".
std::string dds_type_name(std::string_view type);
// The reverse; empty for a type that is not ROS's.
std::string ros_type_name(std::string_view dds_type);

// The parts of a name between its slashes.
std::vector<std::string> name_tokens(std::string_view name);

// Whether a parameter file's node pattern fits a fully qualified node name: "*" stands for one token, "**" for any
// number of tokens.
bool matches_node_pattern(std::string_view pattern, std::string_view node);

}  // namespace clipseek::ros2
