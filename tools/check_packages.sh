#!/usr/bin/env bash
# Builds the Debian packages of two revisions, checks them with lintian, and installs, upgrades, uses and removes them.
#
#   check_packages.sh                  makes the packages first, in packages/1 and packages/2
#   check_packages.sh --install-only   uses those made before, on a machine that has nothing but them and what they depend on
#
# It changes the machine, so run it as root in a container or on another machine that may be changed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source tools/packages.sh

step() { printf '\n== %s\n' "$*"; }
fail() {
  echo "failed: $*" >&2
  exit 1
}
export DEBIAN_FRONTEND=noninteractive

if [[ ${1:-} != --install-only ]]; then
  install_packages "${build_packages[@]}" dpkg-dev file lintian python3
  step "Building the packages"
  rm -rf packages
  for revision in 1 2; do
    cmake --preset package -DCLIPSEEK_DEB_RELEASE=$revision >/dev/null
    cmake --build --preset package
    cpack --config build/package/CPackConfig.cmake >/dev/null
    mkdir packages/$revision
    mv packages/*.deb packages/$revision
  done
  ls -l packages/*

  step "lintian"
  lintian --fail-on error packages/*/*.deb
fi

step "Installing"
apt-get update -q >/dev/null
apt-get install -y --no-install-recommends ./packages/1/*.deb >/dev/null
work=$(mktemp -d)
cp -r samples examples "$work"
cd "$work"
clipseek index samples
clipseek search -k 1 "two red hearts on a white background" | grep two-red-hearts || fail "the search"
domain=(env ROS_AUTOMATIC_DISCOVERY_RANGE=LOCALHOST ROS_DOMAIN_ID=$((RANDOM % 100 + 1)))
"${domain[@]}" clipseek launch clip_mode:=0 clip_storage_folder:="$work/samples" clip_db_file:=nodes.db
"${domain[@]}" clipseek launch clip_mode:=1 clip_text:="a dog" clip_db_file:=nodes.db clip_result_folder:=result
[[ -L result/0.jpg ]] || fail "the nodes"
apt-get install -y --no-install-recommends g++ cmake make >/dev/null
cmake -S examples -B build >/dev/null && cmake --build build
build/index_and_search samples "a dog"
cd - >/dev/null

step "Upgrading"
apt-get install -y --no-install-recommends ./packages/2/*.deb >/dev/null
dpkg-query -W -f='${Package} ${Version}\n' clipseek clipseek-ros2 'libclipseek*'
[[ $(dpkg-query -W -f='${Version}' clipseek) == *-2 ]] || fail "the upgrade"
(cd "$work" && clipseek search -k 1 "two red hearts on a white background" | grep two-red-hearts) || fail "the search after it"

step "Removing"
names=$(dpkg-query -W -f='${Package}\n' clipseek clipseek-ros2 'libclipseek*')
# shellcheck disable=SC2086
apt-get purge -y $names >/dev/null
left=$(find /usr /etc -path /usr/src -prune -o \( -name '*clipseek*' -o -name 'clip_encode_*' -o -name 'clip_manage' -o -name 'clip_msgs' \) -print)
[[ -z $left ]] || fail "these files are left: $left"
rm -rf "$work"
echo "The packages can be installed, upgraded and removed."
