#!/usr/bin/env bash
# Installs the packages that the build needs, builds clipseek, and indexes and searches samples/: with the command, and
# with the three ROS 2 nodes.
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
options=()
[[ -f build/release/build.ninja ]] || options=(-DCLIPSEEK_TESTS=OFF -DCLIPSEEK_WERROR=OFF)
cmake --preset release "${options[@]}"
cmake --build --preset release

demo=$PWD/build/demo
clipseek=build/release/clipseek
rm -rf "$demo"
mkdir -p "$demo"
export CLIPSEEK_DB=$demo/clip.db

step "The command: indexing the pictures in samples/, and searching them"
show $clipseek index samples
show $clipseek search -k 5 "two red hearts on a white background"

if [[ -x build/release/clip_manage ]]; then
  step "The ROS 2 nodes: the same with three processes, which only this machine sees"
  export ROS_AUTOMATIC_DISCOVERY_RANGE=LOCALHOST ROS_DOMAIN_ID=$((RANDOM % 100 + 1))
  nodes_db=clip_db_file:=$demo/nodes.db
  show $clipseek launch clip_mode:=0 "$nodes_db" "clip_storage_folder:=$PWD/samples"
  show $clipseek launch clip_mode:=1 "$nodes_db" "clip_text:=two red hearts on a white background" clip_topk:=5 \
    "clip_result_folder:=$demo/result"
  show ls -l "$demo/result"
else
  step "The ROS 2 nodes were not built: the message of CMake above says what is missing"
fi

cat <<EOF

== Next steps
  export CLIPSEEK_DB=$CLIPSEEK_DB
  $clipseek search "a bar chart"                        # another query
  $clipseek search --image samples/cat.png -k 5         # pictures similar to this one
  $clipseek model list                                  # models for photographs
  $clipseek index --db ~/clip.db ~/Pictures             # your own pictures
  $clipseek serve                                       # the page, in a browser
  $clipseek --help
  ./test.sh                                                        # all tests
EOF
