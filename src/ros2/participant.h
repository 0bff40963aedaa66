// A DDS participant, through which a process takes part in a ROS 2 network. It owns the sockets and threads of DDS,
// announces its nodes and keeps track of other participants. Only the .cpp files include Fast DDS.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ros2/environment.h"
#include "ros2/graph.h"
#include "ros2/guid.h"

namespace clipseek::ros2 {

// A reader or writer of another participant, with its DDS names.
struct RemoteEndpoint {
  Guid guid;
  bool is_writer = false;
  bool reliable = true;   // the reliability that a writer offers or a reader requests
  std::string topic;      // "rt/chatter"
  std::string type;       // "std_msgs::msg::dds_::String_"
  std::string type_hash;  // "RIHS01_..."; empty if the peer does not announce one
};

class ParticipantImpl;

// Thread-safe. Nodes share ownership of the participant, so this object may be destroyed before them.
class Participant {
 public:
  // Throws Error kUnavailable when DDS cannot start, for example because its ports are in use or security files are
  // invalid.
  explicit Participant(const ParticipantOptions& options = participant_options());

  Guid guid() const;

  // The endpoints and nodes that other participants have announced so far.
  std::vector<RemoteEndpoint> endpoints() const;
  std::vector<ParticipantGraph> graphs() const;

  // Waits until `condition` holds; it is evaluated again whenever endpoints or nodes of a peer change. Returns false
  // when `timeout` expires first.
  bool wait_until(const std::function<bool()>& condition, std::chrono::milliseconds timeout) const;

  const std::shared_ptr<ParticipantImpl>& impl() const { return impl_; }

 private:
  std::shared_ptr<ParticipantImpl> impl_;
};

}  // namespace clipseek::ros2
