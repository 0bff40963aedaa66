# The Debian 12 packages that clipseek needs, and a function that installs them. demo.sh and test.sh source this file.

build_packages=(
  g++ cmake ninja-build make pkg-config   # make: CMake's default, for programs that use the library
  libdnnl-dev                       # the transformer
  libsqlitecpp-dev libsqlite3-dev   # the database
  libjpeg62-turbo-dev libpng-dev libwebp-dev libgif-dev libtiff-dev libheif-dev libavif-dev
  libcurl4-openssl-dev libssl-dev ca-certificates        # fetching models
  libboost-dev                      # the HTTP server (Asio and Beast)
  libfastrtps-dev libfastcdr-dev libyaml-dev             # ROS 2's wire protocol
  libicu-dev libspdlog-dev libfmt-dev nlohmann-json3-dev libxxhash-dev libcli11-dev
)
test_packages=(
  cyclonedds-dev cyclonedds-tools libgtest-dev libbenchmark-dev python3 clang-format clang-tidy
  libomp-dev       # the omp.h that clang-tidy finds
  curl             # the examples of docs/http-api.md
  nodejs chromium  # the page, in a real browser
  # ROS 2's build tools, for tests/packaging: 13 MB with their dependencies
  ament-cmake rosidl-cmake rosidl-generator-c-cpp colcon python3-colcon-bash python3-colcon-cmake python3-colcon-metadata
  python3-colcon-package-information python3-colcon-recursive-crawl python3-colcon-ros
)
# Packages of nodejs from other sources contain npm and conflict with Debian's npm.
command -v npm >/dev/null || test_packages+=(npm)

# Installs those of the given packages that are missing. Needs root (or sudo) only where a package is missing.
install_packages() {
  if ! command -v dpkg-query >/dev/null; then
    echo "This system is not Debian. Please make sure that the software of these packages is installed: $*"
    return
  fi
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
