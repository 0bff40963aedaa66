// The state of a node for people who operate a robot: published once a second on /diagnostics, which rqt_robot_monitor,
// Foxglove and other tools show.
//
//   Diagnostics diagnostics(node, [&] {
//     return std::vector<DiagnosticStatus>{
//         {DiagnosticStatus::kOk, "pictures", "10 pictures a second", "", {{"received", std::to_string(received)}}}};
//   });
#pragma once

#include <functional>
#include <vector>

#include "ros2/msg/diagnostic_msgs.h"
#include "ros2/node.h"

namespace clipseek::ros2 {

class Diagnostics {
 public:
  using Collect = std::function<std::vector<DiagnosticStatus>()>;

  // `collect` is called on a thread of this object, once a second of the system's clock, also while use_sim_time is
  // true. It returns the statuses; a status's `name` is the part of the node that it describes, which is published as
  // "node_name: part". If it throws, the error is published as a status of level kError. `node` must outlive this
  // object; the destructor waits for a running `collect`.
  Diagnostics(Node& node, Collect collect);

 private:
  void publish();
  std::vector<DiagnosticStatus> statuses() const;

  Node& node_;
  Collect collect_;
  Publisher<DiagnosticArray> publisher_;
  Timer timer_;  // the last member, because its thread uses the others
};

}  // namespace clipseek::ros2
