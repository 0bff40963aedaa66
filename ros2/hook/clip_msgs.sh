# Sourced by colcon's scripts. There only if clip_msgs was built for ROS 2's own programs: the path to its Python modules,
# which colcon looks for in packages of Python alone.
if [ -f "$COLCON_CURRENT_PREFIX/share/clip_msgs/local_setup.sh" ]; then
  AMENT_CURRENT_PREFIX=$COLCON_CURRENT_PREFIX
  . "$COLCON_CURRENT_PREFIX/share/clip_msgs/local_setup.sh"
  unset AMENT_CURRENT_PREFIX
fi
