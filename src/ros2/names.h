// ROS names and their DDS counterparts (design.ros2.org, "Topic and Service name mapping to DDS").
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace clipseek::ros2 {

// Throws Error kInvalidArgument unless `name` is a valid node name: 1 to 255 letters, digits and underscores, the first
// of them not a digit.
void check_node_name(std::string_view name);

// The absolute form of a namespace: "/" for the root, else with a leading and without a trailing "/". Throws Error
// kInvalidArgument for an invalid one.
std::string normalized_namespace(std::string_view name_space);

// "/ns/node".
std::string fully_qualified_node(std::string_view name_space, std::string_view node);

// The absolute form of a topic, service or action name: "/x" is unchanged, "x" is prefixed with the namespace, and
// "~/x" with the node's full name. Throws Error kInvalidArgument for an invalid name.
std::string expand_name(std::string_view name, std::string_view name_space, std::string_view node);

std::string dds_topic(std::string_view topic);            // "/chatter" -> "rt/chatter"
std::string dds_request_topic(std::string_view service);  // "/add" -> "rq/addRequest"
std::string dds_reply_topic(std::string_view service);    // "/add" -> "rr/addReply"

// "std_msgs/msg/String" -> "std_msgs::msg::dds_::String_".
std::string dds_type_name(std::string_view type);
// The reverse of dds_type_name(); empty for a type that is not a ROS type.
std::string ros_type_name(std::string_view dds_type);

// The parts of a name that its slashes separate.
std::vector<std::string> name_tokens(std::string_view name);

// Returns whether the node pattern of a parameter file matches a fully qualified node name: "*" matches one part, "**"
// any number of parts.
bool matches_node_pattern(std::string_view pattern, std::string_view node);

}  // namespace clipseek::ros2
