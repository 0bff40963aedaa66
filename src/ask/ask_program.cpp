#include "ask/ask_program.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/system_error.h"
#include "cli/ask_arguments.h"
#include "cli/result_table.h"
#include "clipseek/catalog.h"
#include "clipseek/version.h"
#include "nodes/shared/clip_msgs.h"
#include "nodes/shared/item_extra.h"
#include "ros2/node.h"

namespace clipseek::ask {
namespace {

using nodes::Search;
using std::chrono::milliseconds;

constexpr const char* kAction = "clip_search";
constexpr milliseconds kPollInterval{20};
constexpr std::chrono::seconds kCancelTimeout{2};

constexpr const char* kHelp =
    "clip_ask: sends a query to clip_manage in mode 2. 'clipseek ask' runs it; 'clipseek ask --help' has the options.\n"
    "\n"
    "Usage: clip_ask --query=QUERY [--image=PATH] [--count=N] [--timeout=SECONDS] [--json]\n"
    "                [--ros-args [-r FROM:=TO]... [--log-level LEVEL] [--]]\n"
    "       clip_ask --help | --version\n";

std::string seconds_text(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%g s", seconds);
  return text;
}

milliseconds timeout_of(const cli::AskArguments& arguments) {
  return milliseconds(static_cast<std::int64_t>(arguments.timeout * 1000));
}

Error cancelled() {
  return Error(ErrorCode::kCancelled, "stopped before the answer arrived");
}

// Waits for the end of the goal. Cancels it on a stop request and after the timeout.
ros2::GoalOutcome<Search> wait_for(ros2::ClientGoal<Search>& goal, const cli::AskArguments& arguments,
                                   const std::stop_token& stop) {
  auto end = std::chrono::steady_clock::now() + timeout_of(arguments);
  for (;;) {
    if (auto outcome = goal.wait(kPollInterval)) return *std::move(outcome);
    bool late = std::chrono::steady_clock::now() > end;
    if (!late && !stop.stop_requested()) continue;
    goal.cancel();
    goal.wait(kCancelTimeout);  // so that the server has stopped its work
    if (!late) throw cancelled();
    throw Error(ErrorCode::kUnavailable, "clip_manage did not answer within " + seconds_text(arguments.timeout) +
                                             ": are its encoder nodes running? --timeout waits longer");
  }
}

// Throws unless the goal succeeded.
void check(const ros2::GoalOutcome<Search>& outcome) {
  if (outcome.end == ros2::GoalEnd::kRejected) throw Error(ErrorCode::kUnsupported, outcome.reason);
  if (outcome.end == ros2::GoalEnd::kLost) throw Error(ErrorCode::kUnavailable, outcome.reason);
  if (outcome.end == ros2::GoalEnd::kSucceeded && outcome.result.success) return;
  const Search::Result& result = outcome.result;
  throw Error(nodes::from_ros_error_code(result.error_code),
              "clip_manage cannot answer: " + (result.message.empty() ? "it gives no reason" : result.message));
}

std::string namespace_of(const ros2::Node& node) {
  std::string name = node.fully_qualified_name();
  return name.substr(0, std::max<std::size_t>(name.rfind('/'), 1));
}

Search::Result ask(ros2::Node& node, std::uint32_t domain, const cli::AskArguments& arguments,
                   const std::stop_token& stop) {
  auto client = node.create_action_client<Search>(kAction);
  if (!client.wait_for_server(timeout_of(arguments), stop)) {
    if (stop.stop_requested()) throw cancelled();
    throw Error(ErrorCode::kUnavailable,
                "no clip_manage in mode 2 was found within " + seconds_text(arguments.timeout) + " in ROS domain " +
                    std::to_string(domain) + ", namespace " + namespace_of(node) +
                    ": start 'clipseek launch clip_mode:=2', with the same ROS_DOMAIN_ID, and give --namespace what "
                    "its clip_namespace is");
  }
  auto goal = client.send_goal({arguments.query, arguments.image, static_cast<std::int32_t>(arguments.top_k)});
  ros2::GoalOutcome<Search> outcome = wait_for(goal, arguments, stop);
  check(outcome);
  return std::move(outcome.result);
}

void print_json(const Search::Result& result, std::size_t count, std::ostream& out) {
  for (std::size_t i = 0; i < count; ++i) {
    const nodes::ClipItem& item = result.items[i];
    base::Json::Object json{{"rank", i + 1}, {"score", result.similarities[i]}, {"path", item.url}};
    for (std::string_view key : {nodes::kStampKey, nodes::kFrameKey}) {
      std::string value = nodes::find_extra(item, key);
      if (!value.empty()) json.emplace_back(std::string(key), value);
    }
    out << base::Json(std::move(json)).dump() + "\n";
  }
}

void print(const Search::Result& result, bool json, const cli::Console& console) {
  std::size_t count = std::min(result.items.size(), result.similarities.size());
  if (count == 0) console.note("clip_manage has stored no pictures yet");
  if (json) return print_json(result, count, console.out);
  std::vector<SearchHit> hits;
  for (std::size_t i = 0; i < count; ++i)
    hits.push_back({.score = result.similarities[i], .path = result.items[i].url});
  std::error_code ignored;  // if the current folder was deleted, all paths are printed in full
  cli::print_table(hits, std::filesystem::current_path(ignored), console);
}

int run(int argc, const char* const* argv, const cli::Console& console) {
  base::StopSignal stop;
  ros2::Arguments words = ros2::parse_arguments(argc, argv);
  if (std::ranges::find(words.other, "--help") != words.other.end()) {
    console.out << kHelp;
    return 0;
  }
  if (std::ranges::find(words.other, "--version") != words.other.end()) {
    console.out << "clip_ask " << version() << "\n";
    return 0;
  }
  cli::AskArguments arguments = cli::read_ask_words(words.other);
  words.file_logs = words.rosout_logs = false;
  if (!words.log_level) words.log_level = ros2::Severity::kError;
  ros2::ParticipantOptions options = ros2::participant_options(words.enclave);
  ros2::Participant participant(options);
  ros2::Node node(participant, words, "clip_ask_" + std::to_string(::getpid()), {.threads = 1});
  print(ask(node, options.domain_id, arguments, stop.token()), arguments.json, console);
  console.out.flush();
  if (!console.out) throw Error(ErrorCode::kStorage, "cannot write the output: is the disk full?");
  return 0;
}

}  // namespace

int run_ask_program(int argc, const char* const* argv, const cli::Console& console) {
  try {
    std::signal(SIGINT, SIG_DFL);  // as the nodes, it handles SIGINT also where a shell started it with that ignored
    return run(argc, argv, console);
  } catch (const std::exception&) {
    const Error error = base::current_error();
    console.error(error.what());
    return error_info(error.code()).exit_status;
  }
}

}  // namespace clipseek::ask
