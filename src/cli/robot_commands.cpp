#include <memory>
#include <utility>

#include "cli/ask_arguments.h"
#include "cli/command_line_parts.h"
#include "cli/commands.h"
#include "cli/launch_plan.h"
#include "cli/text_layout.h"

namespace clipseek::cli {

void add_launch(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<LaunchCommandArguments>();
  CLI::App* command = app.add_subcommand("launch", "Run the three ROS 2 nodes together, as `ros2 launch` would");
  CLI::Option* values = add_positionals(command, "ARGUMENT", "Launch arguments, each NAME:=VALUE");
  values->option_text("NAME:=VALUE...");
  Rows rows;
  for (const LaunchArgument& argument : launch_arguments()) {
    std::string text = choices_text(argument);
    text += (text.empty() ? "" : ": ") + std::string(argument.about);
    if (!argument.default_value.empty()) text += " [" + std::string(argument.default_value) + "]";
    rows.emplace_back(argument.name, text);
  }
  command->footer("Launch arguments:\n" + format_rows(rows) +
                  "\n"
                  "In modes 0 and 1 the encoder nodes are stopped when the manager has finished.\n"
                  "\n"
                  "Examples:\n"
                  "  clipseek launch clip_mode:=0 clip_storage_folder:=$HOME/Pictures\n"
                  "  clipseek launch clip_mode:=1 clip_text:=\"a dog on a sofa\" clip_result_folder:=result");
  command->callback([arguments, values, &chosen] {
    arguments->values = values->results();
    chosen = [arguments](const Console& console) { return run_launch(*arguments, console); };
  });
}

void add_ask(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<AskArguments>();
  CLI::App* command = app.add_subcommand("ask", "Ask a running clip_manage (mode 2) what the robot has seen");
  command->add_option("-k", arguments->top_k, "Number of results [the parameter topk of clip_manage]")
      ->option_text("N")
      ->check(CLI::Range(1, 100'000));
  command->add_flag("--json", arguments->json, "Print one JSON object per line: rank, score, path, stamp, frame_id");
  command->add_option("--image", arguments->image, "Search with this picture, a file on the image encoder's machine")
      ->option_text("FILE");
  command->add_option("--namespace", arguments->name_space, "The namespace of clip_manage, such as /robot1 [/]")
      ->option_text("NS");
  command->add_option("--timeout", arguments->timeout, "Seconds to wait for clip_manage, and for its answer [10]")
      ->option_text("SECONDS")
      ->check(CLI::Range(0.001, 86'400.0));
  CLI::Option* query = add_positionals(command, "QUERY", "What the pictures should show, in one argument");
  query->option_text("QUERY");
  command->footer(
      "Sends a goal to the action clip_search, as `ros2 action send_goal` would, and needs no ROS 2. ROS_DOMAIN_ID "
      "and\n"
      "the other variables in docs/ros2.md select the network. The path of a picture of a topic is ros:TOPIC/STAMP.\n"
      "\n"
      "Examples:\n"
      "  clipseek launch clip_mode:=2 &\n"
      "  clipseek ask \"a red cup\"");
  command->callback([arguments, query, &chosen] {
    set_query(query->results(), "ask", arguments->query, arguments->image);
    chosen = [arguments](const Console& console) { return run_ask(*arguments, console); };
  });
}

}  // namespace clipseek::cli
