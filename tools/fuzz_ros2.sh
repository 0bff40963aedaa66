#!/bin/sh
# Runs the parsers of ROS 2 messages under libFuzzer and AddressSanitizer (clang) with 10 million inputs, or the number in
# the first argument. Works in a temporary folder and fails where the fuzzer finds an error.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
runs=${1:-10000000}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/corpus"
# The seeds are the golden messages, each after a byte that selects its type; the fuzzer finds the other combinations.
/usr/bin/python3 - "$root/tests/golden/ros2_messages.txt" "$folder/corpus" <<'PYTHON'
import pathlib, sys
rows = [row.split() for row in open(sys.argv[1])]
rows = [row for row in rows if len(row[3]) == 2 * int(row[2])]
for number, row in enumerate(rows):
    pathlib.Path(sys.argv[2], f"{number:02}").write_bytes(bytes([number]) + bytes.fromhex(row[3]))
PYTHON
clang++ -std=c++20 -O2 -g1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -I "$root/include" -I "$root/src" \
  "$root/tests/ros2/fuzz_messages.cpp" "$root/src/ros2/cdr.cpp" "$root/src/ros2/graph.cpp" "$root/src/base/error.cpp" \
  -o "$folder/fuzz"
cd "$folder"
./fuzz -runs="$runs" -max_len=512 -rss_limit_mb=512 -malloc_limit_mb=64 -print_final_stats=1 corpus
