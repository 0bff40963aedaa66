#!/usr/bin/env bash
# Fails where clang-format would lay out a source file differently; with --fix lays it out.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mode=(--dry-run -Werror)
if [[ ${1:-} == --fix ]]; then mode=(-i); fi

# Releases lay out the same code differently: Debian 12's is the one that counts.
format=$(command -v clang-format-14 || command -v clang-format || true)
if [[ -z $format ]] || ! "$format" --version | grep -q 'version 14\.'; then
  echo "skipped: clang-format 14 is not installed"
  exit 77
fi
find . -path ./build -prune -o \( -name '*.cpp' -o -name '*.h' \) -print | sort | xargs "$format" "${mode[@]}"
