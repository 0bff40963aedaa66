#!/usr/bin/env bash
# Runs the tests, after installing the packages that they need and building what they run.
#
#   ./test.sh                all tests, on the release build
#   ./test.sh --sanitizers   the tests in which a sanitizer may find more, on two builds with sanitizers
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
source tools/packages.sh

jobs=$(nproc)
logs=build/test-logs
summary=()
failed=0

# Code that reads bytes from outside runs under the address and undefined-behaviour sanitizers; code whose data several
# threads share runs under the thread sanitizer. The kernels' own numbers are checked by the release build.
address_targets=(base_test text_test image_test nn_test clip_test store_test search_test cli_test http_test web_test ros2_test
  ros2_wire_test nodes_test clipseek held_decoder)
address_tests='^(base|text|image|nn|clip|store|search|cli|http|web)/|^(ros2|nodes)/[A-Z]|^e2e/(bad_input|bad_model|names|links|web_hostile|web_stop)$'
thread_targets=(base_test clip_test store_test search_test catalog_test http_test ros2_test ros2_wire_test nodes_wire_test)
thread_tests='^(base|clip|store|search|catalog|http)/|^(ros2|nodes)/[A-Z]'

step() { printf '\n== %s\n' "$*"; }

# configure PRESET [CMAKE ARGUMENT...]
configure() {
  local launcher=()
  if command -v ccache >/dev/null; then launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache); fi
  cmake --preset "$1" "${launcher[@]}" "${@:2}" >/dev/null
}

# run_tests PRESET [CTEST ARGUMENT...]: keeps ctest's closing line for the summary, and goes on after failed tests.
run_tests() {
  local log=$logs/$1.log
  ctest --preset "$1" -j "$jobs" "${@:2}" 2>&1 | tee "$log" || failed=1
  summary+=("$1:" "$(grep -E '^[0-9]+% tests passed' "$log" || echo 'no tests were run')")
}

release() {
  step "Release build, all tests"
  configure release -DCLIPSEEK_TESTS=ON -DCLIPSEEK_BENCH=ON
  cmake --build --preset release
  run_tests release
}

sanitizers() {
  step "Address and undefined-behaviour sanitizers"
  configure asan
  cmake --build --preset asan --target "${address_targets[@]}"
  run_tests asan -R "$address_tests"
  step "Thread sanitizer"
  configure tsan
  cmake --build --preset tsan --target "${thread_targets[@]}"
  run_tests tsan -R "$thread_tests"
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
