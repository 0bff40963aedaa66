# Each folder of src/ is one static library of all its .cpp files except the tests (x_test.cpp), which form one test
# program per folder.
#
#   clipseek_library(NAME [DEPS folder...] [VENDORS target...] [TEST_VENDORS target...] [PRECOMPILE header...])
#
# DEPS are the folders whose headers this one may include; tools/check_tree.py checks that. VENDORS are linked
# privately, because a vendor header is included in its own folder only; TEST_VENDORS are those whose headers the tests
# include. PRECOMPILE lists vendor headers that many files of the folder include. Names without CLIPSEEK_API are hidden, for
# the shared library of cmake/SharedLibrary.cmake.
add_library(clipseek_options INTERFACE)
target_include_directories(clipseek_options INTERFACE ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
target_compile_options(clipseek_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 warns of impossible overlaps and sizes inside std::string's functions (gcc.gnu.org/PR105651).
  target_compile_options(clipseek_options INTERFACE -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds)
endif()
if(CLIPSEEK_WERROR)
  target_compile_options(clipseek_options INTERFACE -Werror)
endif()
if(CLIPSEEK_SANITIZE)
  target_compile_options(clipseek_options INTERFACE -fsanitize=${CLIPSEEK_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  target_compile_definitions(clipseek_options INTERFACE _GLIBCXX_ASSERTIONS)
  # GCC documents that sanitizers lead to false warnings of this kind.
  target_compile_options(clipseek_options INTERFACE -Wno-maybe-uninitialized)
  if(CLIPSEEK_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Boost.Asio uses std::atomic_thread_fence, which the thread sanitizer does not model; GCC warns of every use.
    target_compile_options(clipseek_options INTERFACE -Wno-tsan)
  endif()
  target_link_options(clipseek_options INTERFACE -fsanitize=${CLIPSEEK_SANITIZE})
endif()

# The headers that most files include are compiled once for the libraries and once, with GoogleTest, for the tests. ccache
# in its default configuration does not store objects that use precompiled headers, so builds through ccache have none.
if(CMAKE_CXX_COMPILER_LAUNCHER MATCHES "ccache$")
  set(CMAKE_DISABLE_PRECOMPILE_HEADERS ON)
endif()
set(clipseek_common_headers <algorithm> <array> <atomic> <chrono> <condition_variable> <cstdint> <filesystem> <fstream>
  <functional> <map> <memory> <mutex> <optional> <span> <sstream> <stop_token> <string> <string_view> <thread>
  <unordered_map> <utility> <variant> <vector>)
set(clipseek_library_properties CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)

# clipseek_precompile(TARGET OPTIONS HEADER...): the target TARGET owns the compiled HEADERs; OPTIONS is the target whose
# compile options it uses. Targets that reuse the headers need the same compile options.
function(clipseek_precompile target options)
  file(WRITE ${PROJECT_BINARY_DIR}/${target}.cpp "")
  add_library(${target} OBJECT ${PROJECT_BINARY_DIR}/${target}.cpp)
  target_link_libraries(${target} PRIVATE ${options})
  target_precompile_headers(${target} PRIVATE ${ARGN})
endfunction()

clipseek_precompile(clipseek_headers clipseek_options ${clipseek_common_headers})
set_target_properties(clipseek_headers PROPERTIES ${clipseek_library_properties})

if(CLIPSEEK_TESTS)
  # The tests' own code is compiled at -O1, because a test spends its time in the code that it calls.
  add_library(clipseek_test_options INTERFACE)
  target_link_libraries(clipseek_test_options INTERFACE clipseek_options GTest::gtest_main)
  target_compile_options(clipseek_test_options INTERFACE $<$<NOT:$<CONFIG:Debug>>:-O1>)
  target_compile_definitions(clipseek_test_options INTERFACE CLIPSEEK_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  clipseek_precompile(clipseek_test_headers clipseek_test_options <gtest/gtest.h> ${clipseek_common_headers})
  # CMake's flags for position-independent code differ between object libraries and programs; the compiler's default does
  # not. clipseek_test() does the same.
  set_target_properties(clipseek_test_headers PROPERTIES POSITION_INDEPENDENT_CODE OFF)
endif()

# clipseek_test(TARGET FOLDER [PROPERTY VALUE...]): makes the executable TARGET a GoogleTest program whose tests are called
# FOLDER/Suite.Name in ctest and have these properties.
function(clipseek_test target folder)
  target_link_libraries(${target} PRIVATE clipseek_test_options)
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  target_precompile_headers(${target} REUSE_FROM clipseek_test_headers)
  gtest_discover_tests(${target} TEST_PREFIX ${folder}/ DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 300 ${ARGN})
endfunction()

function(clipseek_library name)
  cmake_parse_arguments(arg "" "" "DEPS;VENDORS;TEST_VENDORS;PRECOMPILE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$|/main\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(TRANSFORM arg_DEPS PREPEND clipseek_)

  add_library(clipseek_${name} STATIC ${sources})
  target_link_libraries(clipseek_${name} PUBLIC clipseek_options ${arg_DEPS} PRIVATE ${arg_VENDORS})
  set_target_properties(clipseek_${name} PROPERTIES CLIPSEEK_VENDORS "${arg_VENDORS}" ${clipseek_library_properties})
  if(arg_PRECOMPILE)
    target_precompile_headers(clipseek_${name} PRIVATE ${clipseek_common_headers} ${arg_PRECOMPILE})
  else()
    target_precompile_headers(clipseek_${name} REUSE_FROM clipseek_headers)
  endif()

  if(CLIPSEEK_TESTS AND tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE clipseek_${name} ${arg_TEST_VENDORS})
    clipseek_test(${name}_test ${name})
  endif()
endfunction()
