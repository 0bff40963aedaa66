#!/usr/bin/env bash
# clang-tidy with the checks of .clang-tidy over the libraries and programs (their tests aside).
#
#   check_tidy.sh BUILD_DIR           all checks; takes minutes
#   check_tidy.sh --names BUILD_DIR   only how things are named; what the tests run
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
checks=()
if [[ ${1:-} == --names ]]; then
  checks=(--checks=-*,readability-identifier-naming)
  shift
fi
build=${1:?"which build folder?"}

tidy=$(command -v clang-tidy-14 || command -v clang-tidy || true)
if [[ -z $tidy ]]; then
  echo "skipped: clang-tidy is not installed"
  exit 77
fi
# Its count of warnings in other people's headers, which it does not show, is left out.
# clang-tidy 14 has no std::source_location with this standard library, which src/ros2/logger.h needs, and all that
# includes it.
find src -name '*.cpp' ! -name '*_test.cpp' ! -path 'src/ros2/*' ! -path 'src/nodes/*' | sort |
  xargs -P "$(nproc)" -n 4 "$tidy" --quiet "${checks[@]}" -p "$build" 2> >(grep -v ' warnings\? generated' >&2)
