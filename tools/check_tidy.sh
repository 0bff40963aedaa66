#!/usr/bin/env bash
# Runs clang-tidy with the checks of .clang-tidy on the libraries and programs, without their tests.
#
#   check_tidy.sh [--names] BUILD_DIR [FILE...]
#
# --names runs the naming rules only, as the tests do; all checks take minutes for the whole tree. BUILD_DIR holds
# compile_commands.json. FILEs are relative to the root of the tree; those that a run without FILEs leaves out are skipped.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
checks=()
if [[ ${1:-} == --names ]]; then
  checks=(--checks=-*,readability-identifier-naming)
  shift
fi
build=${1:?"the build folder is missing"}
shift

tidy=$(command -v clang-tidy-14 || command -v clang-tidy || true)
if [[ -z $tidy ]]; then
  echo "skipped: clang-tidy is not installed"
  exit 77
fi

# src/ros2 and src/nodes are excluded because they need std::source_location (src/ros2/logger.h), which clang-tidy 14 does
# not have with this standard library.
files() {
  find src -name '*.cpp' ! -name '*_test.cpp' ! -path 'src/ros2/*' ! -path 'src/nodes/*' | sort
}
selected=$(files)
if (($# > 0)); then selected=$(comm -12 <(files) <(printf '%s\n' "$@" | sort)); fi
[[ -n $selected ]] || exit 0
# The grep removes the line that counts suppressed warnings in vendor headers.
xargs -d '\n' -P "$(nproc)" -n 4 "$tidy" --quiet "${checks[@]}" -p "$build" <<<"$selected" \
  2> >(grep -v ' warnings\? generated' >&2)
