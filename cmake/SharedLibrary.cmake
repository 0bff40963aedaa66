# libclipseek, the library for C++ programs: one shared library of the folders that implement include/clipseek/, with the
# files that other builds use to find it. It exports only the names marked CLIPSEEK_API. docs/install.md describes its use.
include(CMakePackageConfigHelpers)

# The SONAME changes whenever the interface may change: with each minor version before 1.0, with each major one after.
set(soversion ${PROJECT_VERSION_MAJOR})
set(compatibility SameMajorVersion)
if(PROJECT_VERSION_MAJOR EQUAL 0)
  set(soversion 0.${PROJECT_VERSION_MINOR})
  set(compatibility SameMinorVersion)
endif()

add_library(clipseek_shared SHARED)
foreach(folder base text image nn clip store search hub catalog)
  get_target_property(vendors clipseek_${folder} CLIPSEEK_VENDORS)
  target_sources(clipseek_shared PRIVATE $<TARGET_OBJECTS:clipseek_${folder}>)
  target_link_libraries(clipseek_shared PRIVATE ${vendors})
endforeach()
target_link_libraries(clipseek_shared PRIVATE clipseek_options)
target_include_directories(clipseek_shared INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>)
target_compile_features(clipseek_shared INTERFACE cxx_std_20)
set_target_properties(clipseek_shared PROPERTIES OUTPUT_NAME clipseek EXPORT_NAME clipseek LINKER_LANGUAGE CXX
  VERSION ${PROJECT_VERSION} SOVERSION ${soversion} LINK_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/clipseek.map)
target_link_options(clipseek_shared PRIVATE -Wl,--version-script=${CMAKE_CURRENT_LIST_DIR}/clipseek.map)
if(NOT CLIPSEEK_SANITIZE)  # the functions of the sanitizers' runtime are defined in the program
  target_link_options(clipseek_shared PRIVATE -Wl,-z,defs)
endif()

# The prefix is relative to the .pc file, so that the installation can be moved.
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/clipseek)
string(REGEX REPLACE "[^/]+" ".." prefix_from_pc ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
configure_file(${CMAKE_CURRENT_LIST_DIR}/clipseek.pc.in ${CMAKE_CURRENT_BINARY_DIR}/clipseek.pc @ONLY)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/clipseek-config-version.cmake
  COMPATIBILITY ${compatibility})

set(CLIPSEEK_SOVERSION ${soversion} PARENT_SCOPE)
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME dev)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/clipseek DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(TARGETS clipseek_shared EXPORT clipseek LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    COMPONENT library NAMELINK_COMPONENT dev
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT clipseek NAMESPACE clipseek:: FILE clipseek-config.cmake DESTINATION ${package})
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/clipseek-config-version.cmake DESTINATION ${package})
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/clipseek.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
