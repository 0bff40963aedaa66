// The parameters that change the quality of service of a topic, with the names and values of rclcpp's
// QosOverridingOptions: qos_overrides.<topic>.{publisher,subscription}.{reliability,durability,history,depth}.
#pragma once

#include <string>

#include "ros2/parameters.h"
#include "ros2/qos.h"

namespace clipseek::ros2 {

enum class TopicEnd { kPublisher, kSubscription };

// Declares the four parameters, which are read-only, with the values of `qos`, unless an earlier call for this topic
// and end has declared them, and returns `qos` with the values that the command line has. `topic` is an absolute name.
// Throws Error kInvalidArgument, which names the parameter, for a value that is not allowed.
Qos overridden_qos(Parameters& parameters, const std::string& topic, TopicEnd end, const Qos& qos);

}  // namespace clipseek::ros2
