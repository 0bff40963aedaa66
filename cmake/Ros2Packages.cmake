# Installs what a ROS 2 workspace expects in this prefix: the packages clip_encode_image, clip_encode_text and
# clip_manage with the nodes, and the interface package clip_msgs. docs/install.md describes the layout and its use.
set(ros2_index share/ament_index/resource_index)
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME ros2)

# Adds PACKAGE to ROS 2's package index and installs its manifest.
function(install_ros2_package package)
  set(marker ${PROJECT_BINARY_DIR}/ros2/packages/${package})
  file(WRITE ${marker} "")
  install(FILES ${marker} DESTINATION ${ros2_index}/packages)
  install(FILES ${PROJECT_SOURCE_DIR}/ros2/${package}/package.xml DESTINATION share/${package})
endfunction()

# Installs the node EXECUTABLE, a target, where `ros2 run PACKAGE EXECUTABLE` looks for it.
function(install_ros2_node package executable)
  install_ros2_package(${package})
  install(TARGETS ${executable} RUNTIME DESTINATION lib/${package})
endfunction()

# The libraries for rclcpp and rclpy need ROS 2's generators. They are built by an external project, so that ROS 2's
# build macros do not affect this build.
function(build_clip_msgs)
  include(ExternalProject)
  set(build ${PROJECT_BINARY_DIR}/ros2/clip_msgs)
  ExternalProject_Add(ros2_clip_msgs SOURCE_DIR ${PROJECT_SOURCE_DIR}/ros2/clip_msgs BINARY_DIR ${build}
    CMAKE_ARGS -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=OFF INSTALL_COMMAND "" BUILD_ALWAYS ON)
  install(CODE "execute_process(COMMAND_ERROR_IS_FATAL ANY
    COMMAND ${CMAKE_COMMAND} --install ${build} --prefix \${CMAKE_INSTALL_PREFIX})")
endfunction()

# Installs only the definitions, for tools that read them as text.
function(install_clip_msgs_definitions)
  set(package ${PROJECT_SOURCE_DIR}/ros2/clip_msgs)
  file(GLOB definitions CONFIGURE_DEPENDS RELATIVE ${package} ${package}/action/*.action ${package}/msg/*.msg)
  list(SORT definitions)
  list(JOIN definitions "\n" lines)
  set(list ${PROJECT_BINARY_DIR}/ros2/rosidl_interfaces/clip_msgs)
  file(WRITE ${list} "${lines}\n")
  install(FILES ${list} DESTINATION ${ros2_index}/rosidl_interfaces)
  install(DIRECTORY ${package}/action ${package}/msg DESTINATION share/clip_msgs)
  install_ros2_package(clip_msgs)
endfunction()

# Installs the files that a shell sources to use the prefix. A prefix of ROS 2 or colcon keeps its own files, which find
# the packages through the index.
function(install_ros2_setup)
  install(CODE "
    set(prefix \"\${CMAKE_INSTALL_PREFIX}\")
    set(target \"\$ENV{DESTDIR}\${prefix}\")
    set(setup \"${PROJECT_BINARY_DIR}/ros2/setup\")
    set(present \"\")
    if(EXISTS \"\${target}/local_setup.sh\")
      file(STRINGS \"\${target}/local_setup.sh\" present REGEX clipseek)
    endif()
    if(present OR NOT EXISTS \"\${target}/local_setup.sh\")
      foreach(shell sh bash zsh)
        configure_file(\"${PROJECT_SOURCE_DIR}/ros2/setup/local_setup.\${shell}\"
          \"\${setup}/local_setup.\${shell}\" @ONLY)
        configure_file(\"\${setup}/local_setup.\${shell}\" \"\${setup}/setup.\${shell}\" COPYONLY)
        file(INSTALL \"\${setup}/local_setup.\${shell}\" \"\${setup}/setup.\${shell}\" DESTINATION \"\${prefix}\")
      endforeach()
    else()
      message(STATUS \"Kept: \${target}/local_setup.sh and the other setup files, which are not clipseek's\")
    endif()" COMPONENT ros2_setup)  # no package contains them, because /usr needs none
endfunction()

install_ros2_node(clip_encode_image clip_encode_image)
install_ros2_node(clip_encode_text clip_encode_text_node)
install_ros2_node(clip_manage clip_manage)
install(TARGETS clip_ask RUNTIME DESTINATION lib/clip_manage)  # `clipseek ask` runs it
install(TARGETS clip_publish_pictures RUNTIME DESTINATION lib/clip_encode_image)  # a camera made of files, to try the node
install(DIRECTORY ${PROJECT_SOURCE_DIR}/ros2/clip_manage/launch DESTINATION share/clip_manage
  PATTERN __pycache__ EXCLUDE)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/ros2/clip_manage/config DESTINATION lib/clip_manage)  # where hobot_clip has it
install_ros2_setup()
install(DIRECTORY ${PROJECT_SOURCE_DIR}/ros2/hook DESTINATION share/clipseek)  # named in colcon.pkg

find_file(rosidl_generators share/rosidl_default_generators/package.xml PATHS ENV AMENT_PREFIX_PATH NO_CACHE
  NO_DEFAULT_PATH)
set(ros2_is_sourced OFF)
if(rosidl_generators)
  set(ros2_is_sourced ON)
endif()
option(CLIPSEEK_CLIP_MSGS "Build clip_msgs for other ROS 2 programs; on if ROS 2 is sourced" ${ros2_is_sourced})
if(CLIPSEEK_CLIP_MSGS)
  build_clip_msgs()
else()
  install_clip_msgs_definitions()
endif()
