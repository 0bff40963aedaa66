# Checks that include/clipseek/version.h states the same version for the preprocessor as project() in CMakeLists.txt.
file(STRINGS ${PROJECT_SOURCE_DIR}/include/clipseek/version.h numbers REGEX "^#define CLIPSEEK_VERSION_[A-Z]+ [0-9]+$")
list(TRANSFORM numbers REPLACE "^.* " "")
list(JOIN numbers "." header_version)
if(NOT header_version STREQUAL PROJECT_VERSION)
  message(FATAL_ERROR
    "include/clipseek/version.h says ${header_version}, but CMakeLists.txt says ${PROJECT_VERSION}: make them equal")
endif()
# A change of the header alone also runs this check again.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/clipseek/version.h)
