#include "nodes/shared/node_program.h"

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <exception>
#include <initializer_list>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "base/system_error.h"
#include "clipseek/version.h"
#include "ros2/clock.h"

namespace clipseek::nodes {
namespace {

void print_line(std::ostream& errors, ros2::Severity severity, const char* program, const char* message) {
  ros2::LogLine line;
  line.severity = severity;
  line.time_ns = ros2::now_ns();
  line.name = program;
  line.message = message;
  errors << ros2::format_log_line("[{severity}] [{time}] [{name}]: {message}", line) << "\n";
}

bool asks_for(const ros2::Arguments& arguments, std::initializer_list<std::string_view> options) {
  return std::ranges::any_of(arguments.other, [&](const std::string& argument) {
    return std::ranges::find(options, argument) != options.end();
  });
}

class StopLimitTimer {
 public:
  StopLimitTimer(const StopLimit& limit, const char* program, const base::StopSignal& stop, std::ostream& errors)
      : thread_([this, limit, program, &errors, stop = stop.token()](const std::stop_token& ended) {
          if (limit.time.count() == 0) return;
          std::stop_callback wake(stop, [this] {
            std::lock_guard lock(mutex_);
            changed_.notify_all();
          });
          std::unique_lock lock(mutex_);
          if (!changed_.wait(lock, ended, [&] { return stop.stop_requested(); })) return;
          changed_.wait_for(lock, ended, limit.time, [] { return false; });
          if (ended.stop_requested()) return;
          print_line(errors, ros2::Severity::kWarn, program,
                     "did not stop in time: ends without leaving the ROS graph");
          errors.flush();
          limit.end();
        }) {}

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::jthread thread_;  // the last member, because it uses the others
};

void print_help(std::ostream& out, const NodeProgram& program) {
  out << program.name << ": " << program.summary << "\n\nUsage: " << program.name
      << " [--ros-args [-p NAME:=VALUE]... [--params-file FILE] [-r FROM:=TO]... [--log-level LEVEL] [--]]\n"
         "       "
      << program.name << " --help | --version\n\nParameters:\n";
  ros2::Parameters parameters([](const std::string&) { return nullptr; }, [](const auto&) {});
  program.declare(parameters);
  for (const auto& [name, value] : parameters.all()) {
    out << "  " << name << " (default: " << ros2::value_text(value) << ")\n      "
        << parameters.describe(name)->description << "\n";
  }
  out << "\ndocs/nodes.md has the topics and actions, and docs/ros2.md the environment variables.\n";
}

}  // namespace

int run_node_program(int argc, const char* const* argv, const NodeProgram& program, std::ostream& out,
                     std::ostream& errors, const StopLimit& limit) {
  try {
    // Shells start background programs with SIGINT ignored, but `ros2 launch` stops its nodes with it. rclcpp's nodes,
    // too, handle it in any case.
    std::signal(SIGINT, SIG_DFL);
    base::StopSignal stop;
    ros2::Arguments arguments = ros2::parse_arguments(argc, argv);
    if (asks_for(arguments, {"--help", "-h"})) {
      print_help(out, program);
      return 0;
    }
    if (asks_for(arguments, {"--version", "-V"})) {
      out << program.name << " " << version() << "\n";
      return 0;
    }
    StopLimitTimer timer(limit, program.name, stop, errors);
    ros2::Participant participant(ros2::participant_options(arguments.enclave));
    return program.run(participant, arguments, stop);
  } catch (const std::exception&) {
    const Error error = base::current_error();
    print_line(errors, ros2::Severity::kFatal, program.name, error.what());
    return error_info(error.code()).exit_status;
  }
}

}  // namespace clipseek::nodes
