// The services ~/get_logger_levels and ~/set_logger_levels, through which other programs change what a node logs while
// it runs.
#pragma once

#include "ros2/msg/rcl_interfaces_logging.h"
#include "ros2/service.h"

namespace clipseek::ros2 {

// They know the node's own logger. Level 0 of a request restores the level that the command line gave.
class LoggerServices {
 public:
  explicit LoggerServices(const std::shared_ptr<NodeCore>& core);

 private:
  ServiceServer<GetLoggerLevels> get_;
  ServiceServer<SetLoggerLevels> set_;
};

}  // namespace clipseek::ros2
