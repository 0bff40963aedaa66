// The Errors for what DDS refuses to create. Where security is on, DDS asks the permissions of the enclave first, and
// returns no reason; so the message names the enclave and the line that its permissions lack.
#pragma once

#include <string>

#include "clipseek/error.h"
#include "ros2/environment.h"

namespace clipseek::ros2 {

Error participant_refused(const ParticipantOptions& options);

// `topic` is the DDS name ("rt/chatter"), which permissions.xml has too. `hint` says what else to check, "" for
// nothing.
Error endpoint_refused(const ParticipantOptions& options, bool is_writer, const std::string& topic,
                       const std::string& hint = "");

}  // namespace clipseek::ros2
