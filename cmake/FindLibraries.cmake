# Finds the libraries that src/ uses. CONTRIBUTING.md says where each may be included; tools/packages.sh lists the packages.
find_package(PkgConfig REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(Threads REQUIRED)
find_package(SQLiteCpp REQUIRED)
find_package(CLI11 REQUIRED)
find_package(OpenMP REQUIRED)
find_package(GIF REQUIRED)
find_package(CURL REQUIRED)
find_package(Boost 1.74 REQUIRED)  # Asio and Beast, which are headers only
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
pkg_check_modules(ICU REQUIRED IMPORTED_TARGET icu-uc)
pkg_check_modules(PICTURES REQUIRED IMPORTED_TARGET libjpeg libpng libwebp libwebpdemux libtiff-4 libheif libavif)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)

# Debian's own dnnl-config.cmake asks for OpenCL's headers, which nothing here needs.
find_path(DNNL_INCLUDE_DIR oneapi/dnnl/dnnl.hpp)
find_library(DNNL_LIBRARY dnnl)
if(NOT DNNL_INCLUDE_DIR OR NOT DNNL_LIBRARY)
  message(FATAL_ERROR "oneDNN was not found, which computes the encoders' products. Install it (Debian and Ubuntu: "
    "libdnnl-dev; Fedora: onednn-devel; Arch: onednn), or build it from its sources and set CMAKE_PREFIX_PATH. It runs on "
    "64-bit processors only (x86-64, ARM, PowerPC, s390x, RISC-V).")
endif()
add_library(DNNL::dnnl UNKNOWN IMPORTED)
set_target_properties(DNNL::dnnl PROPERTIES IMPORTED_LOCATION ${DNNL_LIBRARY}
  INTERFACE_INCLUDE_DIRECTORIES ${DNNL_INCLUDE_DIR})

# The ROS 2 nodes need Fast DDS, whose package is called fastdds from version 3 on.
set(CLIPSEEK_HAS_ROS2 OFF)
if(CLIPSEEK_ROS2)  # AUTO is true, too
  # A ROS 2 that is sourced (Humble, Jazzy) has its own fastrtps, which is preferred to the system's fastdds.
  if(NOT DEFINED ENV{AMENT_PREFIX_PATH})
    find_package(fastdds 3 QUIET)
  endif()
  if(NOT fastdds_FOUND)
    find_package(fastrtps QUIET)
  endif()
  if(NOT fastrtps_FOUND AND NOT fastdds_FOUND)
    find_package(fastdds 3 QUIET)  # a later ROS 2
  endif()
  pkg_check_modules(YAML QUIET IMPORTED_TARGET yaml-0.1)
  if((fastdds_FOUND OR fastrtps_FOUND) AND YAML_FOUND)
    set(CLIPSEEK_HAS_ROS2 ON)
    set(CLIPSEEK_FAST_DDS fastrtps)
    set(version ${fastrtps_VERSION})
    if(fastdds_FOUND)
      set(CLIPSEEK_FAST_DDS fastdds)
      set(version ${fastdds_VERSION})
    endif()
    message(STATUS "ROS 2 nodes: built on Fast DDS ${version}")
  elseif(CLIPSEEK_ROS2 STREQUAL "AUTO")
    message(STATUS "ROS 2 nodes: not built, because Fast DDS or libyaml was not found (Debian 12: libfastrtps-dev "
      "libyaml-dev; Debian 13: libfastdds-dev libyaml-dev; or a ROS 2 that is sourced)")
  else()
    message(FATAL_ERROR "CLIPSEEK_ROS2 is ON, but Fast DDS (libfastrtps-dev, libfastdds-dev) or libyaml (libyaml-dev) was "
      "not found")
  endif()
else()
  message(STATUS "ROS 2 nodes: not built, because CLIPSEEK_ROS2 is OFF")
endif()
