# Debian packages, by CPack: `cpack --config build/package/CPackConfig.cmake` after a build with the preset "package".
# Each install() belongs to one of the components clipseek (the command, the page and the bundled model), ros2 (the nodes),
# library and dev; docs/install.md says what each package contains.
set(CPACK_GENERATOR DEB)
set(CPACK_COMPONENTS_ALL clipseek library dev)
if(CLIPSEEK_HAS_ROS2)
  list(APPEND CPACK_COMPONENTS_ALL ros2)
endif()
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_OUTPUT_FILE_PREFIX packages)
set(CPACK_PACKAGE_NAME clipseek)
set(CPACK_PACKAGE_VENDOR clipseek)
set(CPACK_PACKAGE_CONTACT "The clipseek maintainers <maintainers@clipseek.example>")

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
# With the system and its version (1~debian12), so that the packages of Debian 13 replace those of Debian 12 in an upgrade.
set(system)
if(EXISTS /etc/os-release)
  execute_process(COMMAND sh -c ". /etc/os-release && printf '~%s%s' \"$ID\" \"$VERSION_ID\"" OUTPUT_VARIABLE system)
endif()
set(CLIPSEEK_DEB_RELEASE "1${system}" CACHE STRING "The revision of the Debian packages of this version")
set(CPACK_DEBIAN_PACKAGE_RELEASE ${CLIPSEEK_DEB_RELEASE})
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
if(CMAKE_CROSSCOMPILING AND CMAKE_LIBRARY_ARCHITECTURE STREQUAL "aarch64-linux-gnu")
  set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE arm64)
  # dpkg-shlibdeps asks the environment for which architecture it works.
  set(CPACK_PROJECT_CONFIG_FILE ${PROJECT_BINARY_DIR}/debian/architecture.cmake)
  file(WRITE ${CPACK_PROJECT_CONFIG_FILE} "set(ENV{DEB_HOST_ARCH} arm64)\n")
endif()
set(this_version "= ${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}")

# clipseek_deb(COMPONENT NAME SECTION DEPENDS SUMMARY TEXT)
function(clipseek_deb component name section depends summary text)
  string(TOUPPER ${component} upper)
  set(CPACK_DEBIAN_${upper}_PACKAGE_NAME ${name} PARENT_SCOPE)
  set(CPACK_DEBIAN_${upper}_PACKAGE_SECTION ${section} PARENT_SCOPE)
  set(CPACK_DEBIAN_${upper}_PACKAGE_DEPENDS "${depends}" PARENT_SCOPE)
  set(CPACK_DEBIAN_${upper}_DESCRIPTION "${summary}\n${text}" PARENT_SCOPE)
  # Debian's policy asks each package for a licence and a change log of its own.
  set(documents ${PROJECT_BINARY_DIR}/debian/${name})
  configure_file(${PROJECT_SOURCE_DIR}/cmake/debian/copyright ${documents}/copyright COPYONLY)
  configure_file(${PROJECT_SOURCE_DIR}/cmake/debian/changelog.in ${documents}/changelog.Debian @ONLY)
  execute_process(COMMAND gzip -9nf ${documents}/changelog.Debian COMMAND_ERROR_IS_FATAL ANY)
  install(FILES ${documents}/copyright ${documents}/changelog.Debian.gz DESTINATION share/doc/${name}
    COMPONENT ${component} EXCLUDE_FROM_ALL)
endfunction()

string(TIMESTAMP CLIPSEEK_BUILD_DATE "%a, %d %b %Y %H:%M:%S +0000" UTC)
set(library libclipseek${CLIPSEEK_SOVERSION})
clipseek_deb(clipseek clipseek graphics "" "search for pictures by what they show"
  "clipseek encodes pictures and sentences with CLIP and ranks the pictures of\na folder against a sentence, another picture or both, without a network\nor a GPU. This package has the command, its web page and a small model for\ndrawings; published models can be fetched.")
if(CLIPSEEK_HAS_ROS2)
  clipseek_deb(ros2 clipseek-ros2 science "clipseek (${this_version})" "ROS 2 nodes that search for pictures by what they show"
    "Image encoder, text encoder and manager node with the interfaces of\nhobot_clip, the message definitions and a launch file. They work beside a\nROS 2 and without one.")
endif()
clipseek_deb(library ${library} libs "" "library that searches for pictures by what they show"
  "The shared library for C++ programs. It finds the bundled model of the\npackage clipseek, where that is installed.")
clipseek_deb(dev libclipseek-dev libdevel "${library} (${this_version})" "development files of libclipseek"
  "The headers of libclipseek, and the files by which CMake and pkg-config\nfind it.")
set(CPACK_DEBIAN_CLIPSEEK_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_RECOMMENDS "clipseek (${this_version})")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA ${PROJECT_SOURCE_DIR}/cmake/debian/triggers)
file(WRITE ${PROJECT_BINARY_DIR}/debian/shlibs "libclipseek ${CLIPSEEK_SOVERSION} ${library} (>= ${PROJECT_VERSION})\n")
list(APPEND CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA ${PROJECT_BINARY_DIR}/debian/shlibs)
include(CPack)
