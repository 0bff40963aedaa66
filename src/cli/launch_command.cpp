#include <unistd.h>

#include "cli/commands.h"
#include "cli/launch_plan.h"
#include "cli/launcher.h"
#include "clipseek/error.h"

namespace clipseek::cli {
namespace {

namespace fs = std::filesystem;

bool is_program(const fs::path& file) {
  std::error_code error;
  return fs::is_regular_file(file, error) && ::access(file.c_str(), X_OK) == 0;
}

// Returns the node's program: beside clipseek (in a build folder), or in lib/PACKAGE beside clipseek's folder
// (installed).
fs::path find_program(const fs::path& folder, const NodeStart& node) {
  fs::path built = folder / node.executable;
  fs::path installed = folder.parent_path() / "lib" / node.package / node.executable;
  if (is_program(built)) return built;
  if (is_program(installed)) return installed;
  throw Error(ErrorCode::kNotFound, "cannot find the node " + node.executable + ", neither as " + built.string() +
                                        " nor as " + installed.string());
}

}  // namespace

int run_launch(const LaunchCommandArguments& arguments, const Console& console) {
  LaunchPlan plan = plan_launch(arguments.values);
  fs::path folder = fs::read_symlink("/proc/self/exe").parent_path();
  std::vector<ProcessStart> starts;
  for (const NodeStart& node : plan.nodes) {
    starts.push_back({node.executable, find_program(folder, node), node.arguments});
  }
  return launch_processes(starts, {plan.ends_with_manager, plan.sigterm_timeout, plan.sigkill_timeout}, console.out);
}

}  // namespace clipseek::cli
