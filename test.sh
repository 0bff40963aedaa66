#!/usr/bin/env bash
# Runs the tests, after installing the packages that they need and building what they run.
#
#   ./test.sh                all tests, on the release build
#   ./test.sh --sanitizers   the tests in which a sanitizer may find more, on two builds with sanitizers
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
source tools/packages.sh

jobs=$(($(nproc) + 1))  # one more than processors, because many tests wait for other processes
logs=build/test-logs
summary=()
failed=0

# Code that reads bytes from outside runs under the address and undefined-behaviour sanitizers; code whose data several
# threads share runs under the thread sanitizer. FOLDER/Suite.Name is a test of FOLDER_test or FOLDER_wire_test.
address_folders=(base text image nn clip store search catalog cli hub http web ros2 nodes)
address_commands='e2e/(bad_input|bad_model|names|links|web_hostile|web_stop)$'
thread_folders=(base clip store search catalog hub http web ros2 nodes)

step() { printf '\n== %s\n' "$*"; }

# configure PRESET [CMAKE ARGUMENT...]
configure() {
  local options=()
  if command -v ccache >/dev/null; then options=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache); fi
  # With another value than that of demo.sh, everything would be compiled again.
  if grep -qs '^CLIPSEEK_WERROR:BOOL=OFF' "build/$1/CMakeCache.txt"; then options+=(-DCLIPSEEK_WERROR=OFF); fi
  cmake --preset "$1" "${options[@]}" "${@:2}" | grep -F 'ROS 2 nodes:'
}

# run_tests PRESET [CTEST ARGUMENT...]: keeps ctest's closing line for the summary, and continues after failed tests.
run_tests() {
  local log=$logs/$1.log
  ctest --preset "$1" -j "$jobs" "${@:2}" 2>&1 | tee "$log" || failed=1
  local result
  result=$(grep -E '^[0-9]+% tests passed' "$log") || { failed=1 result='no tests were run'; }
  summary+=("$1:" "$result")
}

# sanitize PRESET EXTRA_TARGETS EXTRA_TESTS FOLDER...: builds the test programs of the folders and runs them.
sanitize() {
  local folders=("${@:4}") extra
  read -ra extra <<<"$2"
  configure "$1"
  if ! grep -q '^build ros2_test:' "build/$1/build.ninja"; then
    folders=($(printf '%s\n' "${folders[@]}" | grep -vE '^(ros2|nodes)$'))  # built without ROS 2
  else
    extra+=(ros2_wire_test nodes_wire_test)
  fi
  cmake --build --preset "$1" --target "${folders[@]/%/_test}" "${extra[@]}"
  run_tests "$1" -R "^($(IFS='|' && echo "${folders[*]}"))/[A-Z]${3:+|^$3}"
}

release() {
  step "Release build, all tests"
  configure release -DCLIPSEEK_TESTS=ON -DCLIPSEEK_BENCH=ON
  cmake --build --preset release
  run_tests release
}

sanitizers() {
  step "Address and undefined-behaviour sanitizers"
  sanitize asan "clipseek held_decoder" "$address_commands" "${address_folders[@]}"
  step "Thread sanitizer"
  sanitize tsan "" "" "${thread_folders[@]}"
}

case "$*" in
  "") run=release ;;
  --sanitizers) run=sanitizers ;;
  *)
    echo "usage: ./test.sh [--sanitizers]" >&2
    exit 2
    ;;
esac
install_packages "${build_packages[@]}" "${test_packages[@]}"
mkdir -p "$logs"
$run
step "Summary"
printf '%s\n' "${summary[@]}"
exit $failed
