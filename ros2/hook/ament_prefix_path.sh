# Sourced by colcon's scripts, which bring the function: makes this prefix's packages known to ROS 2's tools.
_colcon_prepend_unique_value AMENT_PREFIX_PATH "$COLCON_CURRENT_PREFIX"
