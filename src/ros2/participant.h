// A participant: this process's place in a ROS 2 network. It holds the sockets and threads of DDS, announces the nodes
// made on it and knows who else is there. Fast DDS stays inside the .cpp files.
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

// A reader or writer of another participant, by its DDS names.
struct RemoteEndpoint {
  Guid guid;
  bool is_writer = false;
  bool reliable = true;   // what it offers or asks for
  std::string topic;      // "rt/chatter"
  std::string type;       // "std_msgs::msg::dds_::String_"
  std::string type_hash;  // "RIHS01_...", empty where the peer tells none
};

class ParticipantImpl;

// Nodes keep their participant alive, so it may go out of scope first. Every function may be called from any thread.
class Participant {
 public:
  // Throws Error kUnavailable when DDS cannot start (ports taken, security files refused).
  explicit Participant(const ParticipantOptions& options = participant_options());

  Guid guid() const;

  // What other participants have announced so far.
  std::vector<RemoteEndpoint> endpoints() const;
  std::vector<ParticipantGraph> graphs() const;

  // Waits until `condition` holds; it is asked again whenever a peer's endpoints or nodes change. False: time is up.
  bool wait_until(const std::function<bool()>& condition, std::chrono::milliseconds timeout) const;

  const std::shared_ptr<ParticipantImpl>& impl() const { return impl_; }

 private:
  std::shared_ptr<ParticipantImpl> impl_;
};

}  // namespace clipseek::ros2
