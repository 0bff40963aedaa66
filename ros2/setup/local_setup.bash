# For bash; see local_setup.sh.
AMENT_CURRENT_PREFIX=$(builtin cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$AMENT_CURRENT_PREFIX/local_setup.sh"
