#!/usr/bin/env bash
# Runs all tests: those under the sanitizers, then those of the release build. Installs missing packages first.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
source tools/packages.sh

jobs=$(nproc)
logs=build/test-logs
summary=()

# The tests of code that reads untrusted bytes run under the address and undefined-behaviour sanitizers, and those of
# multithreaded code under the thread sanitizer. The numerical tests of the kernels run only in the release build.
address_targets=(base_test text_test image_test nn_test clip_test store_test search_test cli_test http_test web_test ros2_test
  ros2_wire_test nodes_test clipseek held_decoder)
address_tests='^(base|text|image|nn|clip|store|search|cli|http|web)/|^(ros2|nodes)/[A-Z]|^e2e/(bad_input|bad_model|names|links|web_hostile|web_stop)$'
thread_targets=(base_test clip_test store_test search_test catalog_test http_test ros2_test ros2_wire_test nodes_wire_test)
thread_tests='^(base|clip|store|search|catalog|http)/|^(ros2|nodes)/[A-Z]'

step() { printf '\n== %s\n' "$*"; }

# run_tests PRESET [CTEST ARGUMENT...]: adds ctest's last line to the summary and continues after failed tests. These get
# a second attempt without parallel tests, because DDS peers have missed each other on a busy machine; the summary names them.
run_tests() {
  local preset=$1 log=$logs/$1.log
  shift
  if ! ctest --preset "$preset" -j "$jobs" "$@" 2>&1 | tee "$log"; then
    step "Second attempt of the failed tests: $preset"
    ctest --preset "$preset" --rerun-failed 2>&1 | tee "$log.again" || failed=1
  fi
  summary+=("$preset:" "$(grep -E '^[0-9]+% tests passed' "$log" || echo 'no tests ran')")
  if [[ -e $log.again ]]; then summary+=("second attempt:" "$(grep -E 'Passed|Failed|tests passed' "$log.again" || true)"); fi
}

install_packages "${build_packages[@]}" "${test_packages[@]}"
rm -rf "$logs"
mkdir -p "$logs"
launcher=()
if command -v ccache >/dev/null; then launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache); fi
failed=0

for preset in asan tsan; do
  step "Sanitizers: $preset"
  cmake --preset "$preset" "${launcher[@]}" >/dev/null
  if [[ $preset == asan ]]; then
    cmake --build --preset asan --target "${address_targets[@]}"
    run_tests asan -R "$address_tests"
  else
    cmake --build --preset tsan --target "${thread_targets[@]}"
    run_tests tsan -R "$thread_tests"
  fi
done

step "Release build, all tests"
cmake --preset release -DCLIPSEEK_TESTS=ON -DCLIPSEEK_BENCH=ON "${launcher[@]}" >/dev/null
cmake --build --preset release
run_tests release

step "Summary"
printf '%s\n' "${summary[@]}"
exit $failed
