# Sourced by colcon's scripts. If clip_msgs was built for ROS 2 programs, adds the path of its Python modules, because
# colcon adds such a path only for packages of the build types for Python.
if [ -f "$COLCON_CURRENT_PREFIX/share/clip_msgs/local_setup.sh" ]; then
  AMENT_CURRENT_PREFIX=$COLCON_CURRENT_PREFIX
  . "$COLCON_CURRENT_PREFIX/share/clip_msgs/local_setup.sh"
  unset AMENT_CURRENT_PREFIX
fi
