#include "nodes/shared/node_program.h"

#include <csignal>
#include <exception>
#include <filesystem>
#include <string>

#include "base/file_status.h"
#include "base/system_error.h"
#include "ros2/clock.h"

namespace clipseek::nodes {
namespace {

void print_fatal(std::ostream& errors, const char* program, const char* message) {
  ros2::LogLine line;
  line.severity = ros2::Severity::kFatal;
  line.time_ns = ros2::now_ns();
  line.name = program;
  line.message = message;
  errors << ros2::format_log_line("[{severity}] [{time}] [{name}]: {message}", line) << "\n";
}

}  // namespace

int run_node_program(int argc, const char* const* argv, const char* program, NodeFunction run, std::ostream& errors) {
  try {
    // Shells start background programs with SIGINT ignored, but `ros2 launch` stops its nodes with it. rclcpp's nodes,
    // too, handle it in any case.
    std::signal(SIGINT, SIG_DFL);
    base::StopSignal stop;
    ros2::Arguments arguments = ros2::parse_arguments(argc, argv);
    ros2::Participant participant(ros2::participant_options(arguments.enclave));
    return run(participant, arguments, stop);
  } catch (const Error& error) {
    print_fatal(errors, program, error.what());
    return error_info(error.code()).exit_status;
  } catch (const std::filesystem::filesystem_error& error) {
    Error known = base::system_error(error);
    print_fatal(errors, program, known.what());
    return error_info(known.code()).exit_status;
  } catch (const std::exception& error) {
    print_fatal(errors, program, error.what());
    return error_info(ErrorCode::kInternal).exit_status;
  }
}

}  // namespace clipseek::nodes
