# Sourced by colcon's scripts, which define the function. Makes the packages of this prefix known to ROS 2's tools.
_colcon_prepend_unique_value AMENT_PREFIX_PATH "$COLCON_CURRENT_PREFIX"
