#!/usr/bin/env bash
# Fails where clang-format would format a source file differently; with --fix formats the files.
#
#   check_format.sh [--fix] [FILE...]   the named files, or all C++ files of the tree
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mode=(--dry-run -Werror)
if [[ ${1:-} == --fix ]]; then
  mode=(-i)
  shift
fi

# Versions of clang-format differ in their output; the version of Debian 12 is required.
format=$(command -v clang-format-14 || command -v clang-format || true)
if [[ -z $format ]] || ! "$format" --version | grep -q 'version 14\.'; then
  echo "skipped: clang-format 14 is not installed"
  exit 77
fi
if (($# > 0)); then
  exec "$format" "${mode[@]}" "$@"
fi
find . -path ./build -prune -o \( -name '*.cpp' -o -name '*.h' \) -print0 | xargs -0 -P "$(nproc)" -n 50 "$format" "${mode[@]}"
