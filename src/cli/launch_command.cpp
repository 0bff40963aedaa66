#include "cli/commands.h"
#include "cli/launch_plan.h"
#include "cli/launcher.h"
#include "cli/node_program.h"

namespace clipseek::cli {

int run_launch(const LaunchCommandArguments& arguments, const Console& console) {
  LaunchPlan plan = plan_launch(arguments.values);
  std::vector<ProcessStart> starts;
  for (const NodeStart& node : plan.nodes) {
    starts.push_back({node.executable, find_node_program(node.package, node.executable), node.arguments});
  }
  return launch_processes(starts, {plan.ends_with_manager, plan.sigterm_timeout, plan.sigkill_timeout}, console.out);
}

}  // namespace clipseek::cli
