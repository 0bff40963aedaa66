// The service ~/get_type_description, from which tools learn the definitions of the types that a node uses (REP-2016).
#pragma once

#include "ros2/msg/type_description_interfaces.h"
#include "ros2/service.h"

namespace clipseek::ros2 {

TypeDescriptionMessage to_message(const TypeDescription& description);

// It describes the messages, services and actions of the node's endpoints. There are no type sources: the definitions
// are C++ structs, not .msg files. Field defaults, which are not part of a type's hash, are empty.
class TypeDescriptionService {
 public:
  explicit TypeDescriptionService(const std::shared_ptr<NodeCore>& core);

 private:
  ServiceServer<GetTypeDescription> service_;
};

}  // namespace clipseek::ros2
