#include "cli/launch_plan.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "base/json.h"
#include "cli/node_program.h"
#include "clipseek/error.h"

namespace clipseek::cli {
namespace {

constexpr std::array kArguments = {
    LaunchArgument{"clip_mode", "0",
                   "0: store the pictures of a folder, 1: answer a query, 2: serve queries until stopped"},
    LaunchArgument{"clip_db_file", "clip.db", "The database"},
    LaunchArgument{"clip_text", "a diagram", "Mode 1: what the pictures should show"},
    LaunchArgument{"clip_storage_folder", "/userdata/config", "Mode 0: the folder of pictures"},
    LaunchArgument{"clip_result_folder", "/userdata/result", "Mode 1: the folder for links to the results"},
    LaunchArgument{"clip_topk", "10", "Number of results"},
    LaunchArgument{"clip_model", "", "A checkpoint folder or a model's name; empty: the bundled model"},
    LaunchArgument{"clip_precision", "auto", "the precision of the model's arithmetic", {"auto", "f32", "bf16"}},
    LaunchArgument{"is_shared_mem_sub",
                   "auto",
                   "pictures from /hbmem_img in shared memory (1), from /image_raw (0), or in mode 2 from the one that "
                   "has a publisher and otherwise as 1 (auto)",
                   {"auto", "0", "1"}},
    LaunchArgument{"clip_image_topic", "", "The topic of the pictures; empty: /hbmem_img or /image_raw"},
    LaunchArgument{"clip_data_sharing",
                   "own",
                   "the cameras whose pictures on /hbmem_img are read in shared memory, those of clip_publish_pictures "
                   "or of TogetheROS",
                   {"own", "automatic"}},
    LaunchArgument{"clip_namespace", "", "The namespace of the nodes, such as /robot1"},
    LaunchArgument{"sigterm_timeout", "5", "Seconds that a node has to end after SIGINT"},
    LaunchArgument{"sigkill_timeout", "5", "Seconds that a node has to end after SIGTERM"},
};
constexpr std::string_view kServe = "2";

using Values = std::map<std::string, std::string, std::less<>>;

Error invalid(const std::string& message) {
  return Error(ErrorCode::kInvalidArgument, message + " (see 'clipseek launch --help')");
}

void check_choice(const LaunchArgument& argument, const std::string& value) {
  if (argument.choices[0].empty()) return;
  bool good = !value.empty() && std::ranges::find(argument.choices, value) != argument.choices.end();
  if (!good) throw invalid(std::string(argument.name) + ":=" + value + ": must be one of " + choices_text(argument));
}

Values read_values(const std::vector<std::string>& arguments) {
  Values values;
  for (const LaunchArgument& argument : kArguments) values.emplace(argument.name, argument.default_value);
  for (const std::string& argument : arguments) {
    std::size_t sign = argument.find(":=");
    if (sign == std::string::npos || sign == 0) {
      throw invalid("'" + argument + "' is not a launch argument; write NAME:=VALUE, such as clip_mode:=1");
    }
    auto known = values.find(std::string_view(argument).substr(0, sign));
    if (known == values.end()) throw invalid("there is no launch argument '" + argument.substr(0, sign) + "'");
    known->second = argument.substr(sign + 2);
  }
  for (const LaunchArgument& argument : kArguments) check_choice(argument, values.find(argument.name)->second);
  return values;
}

template <typename Number>
Number number_between(const Values& values, std::string_view name, Number min, Number max,
                      const std::string& requirement) {
  const std::string& text = values.find(name)->second;
  Number number{};
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  bool good = error == std::errc() && end == text.data() + text.size() && number >= min && number <= max;
  if (!good) throw invalid(std::string(name) + ":=" + text + ": must be " + requirement);
  return number;
}

std::chrono::duration<double> seconds(const Values& values, std::string_view name) {
  return std::chrono::duration<double>(number_between(values, name, 0.0, 86400.0, "a number of seconds up to a day"));
}

// Collects `-p name:=value` arguments. Values are YAML; text is written as a JSON string, which YAML always reads as a
// string.
class Parameters {
 public:
  explicit Parameters(const Values& values) : values_(values), arguments_{"--ros-args", "--log-level", "warn"} {
    const std::string& name_space = values.find("clip_namespace")->second;
    if (!name_space.empty()) arguments_.insert(arguments_.end(), {"-r", namespace_rule(name_space)});
  }

  Parameters& set(const std::string& name, const std::string& yaml) {
    arguments_.insert(arguments_.end(), {"-p", name + ":=" + yaml});
    return *this;
  }
  Parameters& text(const std::string& name, std::string_view argument) {
    const std::string& value = values_.find(argument)->second;
    std::string quoted = base::Json(value).dump();
    if (base::Json::parse(quoted, argument).as_string(argument) != value) {
      throw invalid(std::string(argument) + " is not UTF-8, which ROS 2 requires of parameters");
    }
    return set(name, quoted);
  }
  Parameters& model() {
    text("precision", "clip_precision");
    return values_.find("clip_model")->second.empty() ? *this : text("model_file_name", "clip_model");
  }
  std::vector<std::string> arguments() const { return arguments_; }

 private:
  const Values& values_;
  std::vector<std::string> arguments_;
};

}  // namespace

std::span<const LaunchArgument> launch_arguments() {
  return kArguments;
}

std::string choices_text(const LaunchArgument& argument) {
  std::string list;
  for (std::string_view choice : argument.choices) {
    if (!choice.empty()) list += (list.empty() ? "" : ", ") + std::string(choice);
  }
  return list;
}

LaunchPlan plan_launch(const std::vector<std::string>& arguments) {
  Values values = read_values(arguments);
  int mode = number_between(values, "clip_mode", 0, 2, "0, 1 or 2");
  int results = number_between(values, "clip_topk", 1, 100'000, "a number from 1 to 100000");
  LaunchPlan plan;
  plan.ends_with_manager = std::to_string(mode) != kServe;
  plan.sigterm_timeout = seconds(values, "sigterm_timeout");
  plan.sigkill_timeout = seconds(values, "sigkill_timeout");
  const std::string& shared = values.find("is_shared_mem_sub")->second;
  const char* fitting = plan.ends_with_manager ? "1" : "2";  // 2: the node finds out which topic has a publisher
  Parameters image(values);
  image.set("feed_type", "1")
      .set("is_sync_mode", "1")
      .set("is_shared_mem_sub", shared == "auto" ? fitting : shared)
      .text("image_topic", "clip_image_topic")
      .text("data_sharing", "clip_data_sharing")
      .model();
  Parameters text(values);
  text.set("feed_type", "true").model();
  Parameters manager(values);
  manager.set("mode", std::to_string(mode))
      .text("db_file", "clip_db_file")
      .text("text", "clip_text")
      .text("storage_folder", "clip_storage_folder")
      .text("result_folder", "clip_result_folder")
      .set("topk", std::to_string(results));
  plan.nodes = {{"clip_encode_image", "clip_encode_image", image.arguments()},
                {"clip_encode_text", "clip_encode_text_node", text.arguments()},
                {"clip_manage", "clip_manage", manager.arguments()}};
  return plan;
}

}  // namespace clipseek::cli
