// What a participant is made of: transports, discovery, security. Only .cpp files of this folder include it.
#pragma once

#include <fastdds/dds/domain/qos/DomainParticipantQos.hpp>

#include "ros2/environment.h"

namespace clipseek::ros2 {

eprosima::fastdds::dds::DomainParticipantQos participant_qos(
    const eprosima::fastdds::dds::DomainParticipantQos& defaults, const ParticipantOptions& options);

// Sends Fast DDS's own messages to base/log.h instead of the terminal; once for the process.
void route_dds_log();

}  // namespace clipseek::ros2
