# For zsh; see local_setup.sh.
AMENT_CURRENT_PREFIX=${${(%):-%x}:A:h}
. "$AMENT_CURRENT_PREFIX/local_setup.sh"
