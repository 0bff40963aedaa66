#!/usr/bin/env bash
# Installs the packages that the build needs, builds clipseek, indexes samples/ and searches them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
source tools/packages.sh

step() { printf '\n== %s\n' "$*"; }
# Prints a command as a user would type it, and runs it.
show() {
  printf '\n$'
  for word in "$@"; do
    if [[ $word == *' '* ]]; then printf ' "%s"' "$word"; else printf ' %s' "$word"; fi
  done
  printf '\n'
  "$@"
}

install_packages "${build_packages[@]}"

step "Building (the first time takes a few minutes)"
[[ -f build/release/CMakeCache.txt ]] || cmake --preset release -DCLIPSEEK_TESTS=OFF -DCLIPSEEK_WERROR=OFF >/dev/null
cmake --build --preset release --target clipseek

clipseek=build/release/clipseek
export CLIPSEEK_DB=build/demo.db
rm -f "$CLIPSEEK_DB"*

step "Indexing the pictures in samples/"
show $clipseek index samples

step "Searching"
show $clipseek search -k 5 "two red hearts on a white background"

cat <<EOF

== Next steps
  export CLIPSEEK_DB=$CLIPSEEK_DB
  $clipseek search "a bar chart"                        # another query
  $clipseek search --image samples/cat.png -k 5         # pictures like this one
  $clipseek model list                                  # models for photographs
  $clipseek index --db ~/clip.db ~/Pictures             # your own pictures
  $clipseek --help
  ./test.sh                                                        # all tests
EOF
