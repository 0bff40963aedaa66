#!/usr/bin/env bash
# Runs clang-tidy with the checks of .clang-tidy on the libraries and programs, without their tests.
#
#   check_tidy.sh BUILD_DIR           all checks; takes minutes
#   check_tidy.sh --names BUILD_DIR   only the naming rules, as in the tests
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
checks=()
if [[ ${1:-} == --names ]]; then
  checks=(--checks=-*,readability-identifier-naming)
  shift
fi
build=${1:?"the build folder is missing"}

tidy=$(command -v clang-tidy-14 || command -v clang-tidy || true)
if [[ -z $tidy ]]; then
  echo "skipped: clang-tidy is not installed"
  exit 77
fi
# The grep removes the line that counts suppressed warnings in vendor headers. src/ros2 and src/nodes are excluded because
# they need std::source_location (src/ros2/logger.h), which clang-tidy 14 does not have with this standard library.
find src -name '*.cpp' ! -name '*_test.cpp' ! -path 'src/ros2/*' ! -path 'src/nodes/*' | sort |
  xargs -P "$(nproc)" -n 4 "$tidy" --quiet "${checks[@]}" -p "$build" 2> >(grep -v ' warnings\? generated' >&2)
