#!/bin/sh
# Runs the readers of ROS 2 messages under libFuzzer and the address sanitizer (clang): 10 million inputs, or as many as
# the first argument says. Works in a temporary folder; ends with an error when something is found.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
runs=${1:-10000000}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/corpus"
# Seeds: each golden message behind each choice of type that it may be read as is left to the fuzzer to find.
/usr/bin/python3 - "$root/tests/golden/ros2_messages.txt" "$folder/corpus" <<'PYTHON'
import pathlib, sys
rows = [row.split() for row in open(sys.argv[1])]
rows = [row for row in rows if len(row[3]) == 2 * int(row[2])]
for number, row in enumerate(rows):
    pathlib.Path(sys.argv[2], f"{number:02}").write_bytes(bytes([number]) + bytes.fromhex(row[3]))
PYTHON
clang++ -std=c++20 -O2 -g1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -I "$root/src" \
  "$root/tests/ros2/fuzz_messages.cpp" "$root/src/ros2/cdr.cpp" "$root/src/ros2/graph.cpp" "$root/src/base/error.cpp" \
  -lfastcdr -o "$folder/fuzz"
cd "$folder"
./fuzz -runs="$runs" -max_len=512 -rss_limit_mb=512 -malloc_limit_mb=64 -print_final_stats=1 corpus
