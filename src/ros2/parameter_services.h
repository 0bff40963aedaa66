// The six services through which `ros2 param` and other nodes access a node's parameters.
#pragma once

#include "ros2/parameters.h"
#include "ros2/service.h"

namespace clipseek::ros2 {

class ParameterServices {
 public:
  // `parameters` must outlive this object.
  ParameterServices(const std::shared_ptr<NodeCore>& core, Parameters& parameters);

 private:
  ServiceServer<GetParameters> get_;
  ServiceServer<GetParameterTypes> get_types_;
  ServiceServer<SetParameters> set_;
  ServiceServer<SetParametersAtomically> set_atomically_;
  ServiceServer<DescribeParameters> describe_;
  ServiceServer<ListParameters> list_;
};

}  // namespace clipseek::ros2
