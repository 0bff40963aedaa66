// The DDS settings of a participant: transports, discovery, security. Only .cpp files of this folder include this
// header.
#pragma once

#include "ros2/environment.h"
#include "ros2/fast_dds.h"

namespace clipseek::ros2 {

dds::DomainParticipantQos participant_qos(const dds::DomainParticipantQos& defaults, const ParticipantOptions& options);

// Sends the log messages of Fast DDS to base/log.h instead of the terminal. Only the first call has an effect.
void route_dds_log();

}  // namespace clipseek::ros2
