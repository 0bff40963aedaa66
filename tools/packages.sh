# The packages that clipseek needs on Debian 12 and 13 and on Ubuntu 22.04 and 24.04, and a function that installs them.
# demo.sh and test.sh source this file.

# "debian-12", "ubuntu-24.04", ...; empty where the system does not say.
system=$(. /etc/os-release 2>/dev/null && echo "${ID:-}-${VERSION_ID:-}" || true)

build_packages=(
  g++ cmake ninja-build make pkg-config   # make: CMake's default, for programs that use the library
  libdnnl-dev                       # the encoders' products
  libsqlitecpp-dev libsqlite3-dev   # the database
  libjpeg-dev libpng-dev libwebp-dev libgif-dev libtiff-dev libheif-dev libavif-dev
  libcurl4-openssl-dev libssl-dev ca-certificates        # fetching models
  libboost-dev                      # the HTTP server (Asio and Beast)
  libyaml-dev                       # the nodes' parameter files
  libicu-dev libspdlog-dev libfmt-dev nlohmann-json3-dev libxxhash-dev libcli11-dev
)
# Fast DDS, for the ROS 2 nodes. A ROS 2 that is sourced has its own.
if [[ -z ${AMENT_PREFIX_PATH:-} ]]; then
  if [[ $system == debian-13 ]]; then
    build_packages+=(libfastdds-dev)
  else
    build_packages+=(libfastrtps-dev libfastcdr-dev)
  fi
fi

test_packages=(
  cyclonedds-dev cyclonedds-tools libgtest-dev libbenchmark-dev python3
  curl             # the examples of docs/http-api.md
  openssl          # keys and certificates of secured nodes
)
case $system in
  debian-12) test_packages+=(clang-format clang-tidy libomp-dev) ;;  # libomp-dev: the omp.h that clang-tidy finds
  *) ;;  # version 14 of the clang tools is not there: their checks skip
esac
if [[ $system == debian-* ]]; then
  test_packages+=(
    nodejs chromium  # the page, in a real browser
    dpkg-dev file    # the packages
    # ROS 2's build tools, for tests/packaging: 13 MB with their dependencies
    ament-cmake rosidl-cmake rosidl-generator-c-cpp colcon python3-colcon-bash python3-colcon-cmake
    python3-colcon-metadata python3-colcon-package-information python3-colcon-recursive-crawl python3-colcon-ros
  )
  # Packages of nodejs from other sources contain npm and conflict with Debian's npm.
  command -v npm >/dev/null || test_packages+=(npm)
fi

# Installs those of the given packages that are missing. Needs root (or sudo) only where a package is missing.
install_packages() {
  case $system in
    debian-12 | debian-13 | ubuntu-24.04) ;;
    ubuntu-22.04)
      if [[ ! -e /usr/local/include/SQLiteCpp/SQLiteCpp.h && " $* " == *" libsqlitecpp-dev "* ]]; then
        echo "Ubuntu 22.04 has no package of SQLiteCpp. Build it from https://github.com/SRombauts/SQLiteCpp (3.1 or later)," \
          "install it below /usr/local, and run this again." >&2
        return 1
      fi
      # shellcheck disable=SC2046
      set -- $(printf '%s\n' "$@" | grep -vx libsqlitecpp-dev)
      ;;
    *)
      echo "The packages of this system (${system:-unknown}) are not known. What is needed: a C++20 compiler, CMake 3.22," \
        "Ninja, pkg-config, oneDNN, SQLite, SQLiteCpp, libjpeg, libpng, libwebp, giflib, libtiff, libheif, libavif, libcurl," \
        "OpenSSL, Boost's headers (1.74), ICU, spdlog, fmt, nlohmann-json, xxHash and CLI11; for the ROS 2 nodes Fast DDS and" \
        "libyaml; for the tests GoogleTest, Google Benchmark and Python 3. Their names in Debian: $*"
      return
      ;;
  esac
  local missing
  missing=$(comm -23 <(printf '%s\n' "$@" | sort) \
    <(dpkg-query -W -f='${Package} ${db:Status-Status}\n' "$@" 2>/dev/null | sed -n 's/ installed$//p' | sort))
  [[ -n $missing ]] || return 0
  echo "Installing Debian packages:" $missing
  local root=()
  if ((EUID != 0)); then root=(sudo); fi
  local log
  log=$(mktemp)
  if ! { "${root[@]}" apt-get update && "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "The packages could not be installed; the whole output is in $log" >&2
    return 1
  fi
  rm -f "$log"
}
