# The version stands in project() of CMakeLists.txt; include/clipseek/version.h repeats it for the preprocessor.
file(STRINGS ${PROJECT_SOURCE_DIR}/include/clipseek/version.h numbers REGEX "^#define CLIPSEEK_VERSION_[A-Z]+ [0-9]+$")
list(TRANSFORM numbers REPLACE "^.* " "")
list(JOIN numbers "." header_version)
if(NOT header_version STREQUAL PROJECT_VERSION)
  message(FATAL_ERROR
    "include/clipseek/version.h says ${header_version}, but CMakeLists.txt says ${PROJECT_VERSION}: make them equal")
endif()
# Otherwise a later change of the header alone would go unnoticed.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/clipseek/version.h)
