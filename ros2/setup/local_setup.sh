# Makes clipseek's packages below this prefix known to ROS 2's tools. Source it after ROS 2's own setup file. bash and
# zsh have files of their own, which determine the prefix from their path.
_clipseek_prefix=${AMENT_CURRENT_PREFIX:-}
if [ -z "$_clipseek_prefix" ]; then _clipseek_prefix='@prefix@'; fi

# _clipseek_prepend VARIABLE FOLDER
_clipseek_prepend() {
  eval "_clipseek_value=\${$1:-}"
  case ":$_clipseek_value:" in
    *":$2:"*) ;;
    *) eval "export $1=\$2\${_clipseek_value:+:}\$_clipseek_value" ;;
  esac
  unset _clipseek_value
}

_clipseek_prepend AMENT_PREFIX_PATH "$_clipseek_prefix"
_clipseek_prepend CMAKE_PREFIX_PATH "$_clipseek_prefix"
_clipseek_prepend PATH "$_clipseek_prefix/bin"
# This file exists only if clip_msgs was built for ROS 2 programs; it adds the paths of its libraries and modules.
if [ -f "$_clipseek_prefix/share/clip_msgs/local_setup.sh" ]; then
  AMENT_CURRENT_PREFIX=$_clipseek_prefix
  . "$_clipseek_prefix/share/clip_msgs/local_setup.sh"
fi
unset AMENT_CURRENT_PREFIX _clipseek_prefix
unset -f _clipseek_prepend
