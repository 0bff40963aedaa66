# Each folder of src/ is one static library of all its .cpp files except the tests (x_test.cpp), which form one test
# program per folder.
#
#   clipseek_library(NAME [DEPS folder...] [VENDORS target...])
#
# DEPS are the folders whose headers this one may include; tools/check_tree.py checks that. VENDORS are linked
# privately, because a vendor header is included in its own folder only. Names without CLIPSEEK_API are hidden, for the
# shared library of cmake/SharedLibrary.cmake.
add_library(clipseek_options INTERFACE)
target_include_directories(clipseek_options INTERFACE ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
target_compile_options(clipseek_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 warns of impossible overlaps inside std::string's operator+ (gcc.gnu.org/PR105651).
  target_compile_options(clipseek_options INTERFACE -Wno-restrict)
endif()
if(CLIPSEEK_SANITIZE)
  target_compile_options(clipseek_options INTERFACE -fsanitize=${CLIPSEEK_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  target_link_options(clipseek_options INTERFACE -fsanitize=${CLIPSEEK_SANITIZE})
endif()

function(clipseek_library name)
  cmake_parse_arguments(arg "" "" "DEPS;VENDORS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$|/main\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(TRANSFORM arg_DEPS PREPEND clipseek_)

  add_library(clipseek_${name} STATIC ${sources})
  target_link_libraries(clipseek_${name} PUBLIC clipseek_options ${arg_DEPS} PRIVATE ${arg_VENDORS})
  set_target_properties(clipseek_${name} PROPERTIES CLIPSEEK_VENDORS "${arg_VENDORS}"
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)

  if(CLIPSEEK_TESTS AND tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE clipseek_${name} ${arg_VENDORS} GTest::gtest_main)
    target_compile_definitions(${name}_test PRIVATE CLIPSEEK_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    gtest_discover_tests(${name}_test TEST_PREFIX ${name}/ DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 300)
  endif()
endfunction()
