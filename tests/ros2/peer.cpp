// The other process of the wire tests. The first argument is its role; ROS arguments may follow:
//   server           a node with a topic, a service, parameters and an action, until SIGTERM
//   client N SEED    sends N goals to the server and cancels some; exit status 0 when all ended correctly
//   one_goal         sends one goal "stay"; prints a line when feedback arrives and one when the goal ends
//   camera           publishes a picture for each line on standard input
//   viewer           prints a line for each picture that it receives
//   managed          a node with a life cycle and diagnostics, until SIGTERM; its parameters "fails" and "throws" name
//                    transitions that fail
#include <chrono>
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <random>
#include <string>
#include <thread>

#include "clipseek/error.h"
#include "ros2/diagnostics.h"
#include "ros2/lifecycle.h"
#include "ros2/msg/hbm_img_msgs.h"
#include "ros2/msg/std_msgs.h"
#include "ros2/node.h"
#include "ros2/testing/test_messages.h"
#include "test_service.h"

namespace clipseek::ros2 {
namespace {

constexpr std::chrono::seconds kLimit{120};

void print_line(const std::string& line) {
  static std::mutex mutex;
  std::lock_guard lock(mutex);
  std::cout << line << std::endl;
}

void wait_for_stop(const std::stop_token& stop, std::chrono::milliseconds timeout) {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_lock lock(mutex);
  changed.wait_for(lock, stop, timeout, [] { return false; });
}

// texts[0] is a command: "stay" runs until it is stopped, "throw" throws, "return" returns without a result; anything
// else sends a feedback for each url.
void execute(GoalHandle<TestAction> goal) {
  const std::string todo = goal.goal().texts.empty() ? "" : goal.goal().texts[0];
  if (todo == "throw") throw std::runtime_error("requested by the test");
  if (todo == "return") return;
  if (todo == "stay") {
    goal.publish_feedback({0, {}});
    wait_for_stop(goal.stop_token(), kLimit);
    goal.canceled({false, 10});
    return;
  }
  float done = 0;
  for (const std::string& url : goal.goal().urls) {
    if (goal.cancel_requested()) {
      goal.canceled({false, 10});
      return;
    }
    if (todo == "slow") wait_for_stop(goal.stop_token(), std::chrono::milliseconds(2));
    done += 1;
    TestItem item{true, "", url, std::vector<float>(512, done), {}};
    goal.publish_feedback({done / static_cast<float>(goal.goal().urls.size()), item});
  }
  goal.succeed({true, 0});
}

int run_server(const Participant& participant, const Arguments& arguments, const base::StopSignal& stop) {
  Node node(participant, arguments, "server");
  node.parameters().declare("topk", 10, {.text = "how many", .integer_range = IntegerRange{1, 100, 1}});
  node.parameters().declare("mode", "a", {.read_only = true});
  auto heard = node.create_publisher<String>("heard");
  auto said = node.create_subscription<String>(
      "said", [&](const String& message) { heard.publish({"heard " + message.data}); });
  auto echo =
      node.create_service<Echo>("~/echo", [](const Echo::Request& request) { return Echo::Response{request.text}; });
  ActionCallbacks<TestAction> callbacks;
  callbacks.accept = [](const TestAction::Goal& goal) { return goal.texts.empty() || goal.texts[0] != "reject"; };
  callbacks.execute = execute;
  callbacks.default_result = [](bool stopped) { return TestAction::Result{false, stopped ? 10 : 11}; };
  auto action = node.create_action_server<TestAction>("features", callbacks);
  node.logger().warn("server is up");
  print_line("ready");
  Node::spin(stop.token());
  print_line("stopping");
  return 0;
}

// Sends one goal. Returns whether it ended correctly: succeeded with all its feedback, or cancelled after a request.
bool work_one_goal(ActionClient<TestAction>& client, std::mt19937& random) {
  TestAction::Goal goal{true, {}, {"slow"}};
  goal.urls.resize(random() % 4 + 1, "a.jpg");
  bool cancel = random() % 10 == 0;
  std::mutex mutex;
  std::condition_variable changed;
  std::size_t feedbacks = 0;
  auto sent = client.send_goal(goal, [&](const TestAction::Feedback&) {
    std::lock_guard lock(mutex);
    ++feedbacks;
    changed.notify_all();
  });
  if (cancel) {
    sent.wait_accepted(kLimit);
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 6000));
    sent.cancel();
  }
  auto outcome = sent.wait(kLimit);
  if (!outcome) {
    print_line("a goal did not end in time");
    return false;
  }
  if (cancel && outcome->end == GoalEnd::kCanceled) return true;
  if (outcome->end != GoalEnd::kSucceeded) {
    print_line("goal ended as " + std::to_string(static_cast<int>(outcome->end)) + ": " + outcome->reason);
    return false;
  }
  std::unique_lock lock(mutex);
  if (changed.wait_for(lock, kLimit, [&] { return feedbacks == goal.urls.size(); })) return true;
  print_line("feedbacks: " + std::to_string(feedbacks) + " of " + std::to_string(goal.urls.size()));
  return false;
}

int run_client(const Participant& participant, const Arguments& arguments) {
  Node node(participant, arguments, "client_" + arguments.other.at(2));
  auto client = node.create_action_client<TestAction>("features");
  if (!client.wait_for_server(kLimit)) return 2;
  int goals = std::stoi(arguments.other.at(1));
  std::mt19937 random(static_cast<unsigned>(std::stoi(arguments.other.at(2))));
  int good = 0;
  for (int i = 0; i < goals; ++i) good += work_one_goal(client, random) ? 1 : 0;
  print_line("good " + std::to_string(good));
  return good == goals ? 0 : 1;
}

int run_one_goal(const Participant& participant, const Arguments& arguments) {
  Node node(participant, arguments, "one_goal");
  auto client = node.create_action_client<TestAction>("features");
  if (!client.wait_for_server(kLimit)) return 2;
  auto goal = client.send_goal({true, {}, {"stay"}}, [](const TestAction::Feedback&) { print_line("running"); });
  auto outcome = goal.wait(kLimit);
  if (!outcome) return 1;
  print_line("ended as " + std::to_string(static_cast<int>(outcome->end)) + outcome->reason);
  return 0;
}

int run_camera(const Participant& participant, const Arguments& arguments) {
  Node node(participant, arguments, "camera");
  auto publisher = node.create_plain_publisher<HbmMsg480P>("pictures");
  print_line("ready");
  int index = 0;
  for (std::string line; std::getline(std::cin, line);) {
    auto picture = publisher.loan();
    picture->index = ++index;
    picture->data_size = HbmMsg480P::kMaxBytes;
    picture->data.fill(static_cast<std::uint8_t>(index));
    publisher.publish(std::move(picture));
  }
  return 0;
}

int run_viewer(const Participant& participant, const Arguments& arguments, const base::StopSignal& stop) {
  Node node(participant, arguments, "viewer");
  auto subscription = node.create_plain_subscription<HbmMsg480P>(
      "pictures",
      [](const SharedMessage<HbmMsg480P>& picture) {
        print_line("picture " + std::to_string(picture->index) + " " + std::to_string(picture->data.back()));
      },
      Qos{});
  print_line("ready");
  Node::spin(stop.token());
  return 0;
}

int run_managed(const Participant& participant, const Arguments& arguments, const base::StopSignal& stop) {
  Node node(participant, arguments, "managed");
  node.parameters().declare("fails", "");
  node.parameters().declare("throws", "");
  auto callback = [&](const std::string& transition) {
    return [&node, transition](LifecycleState from) {
      print_line(transition + " from " + std::string(label_of(from)));
      if (node.parameters().get<std::string>("throws") == transition) throw std::runtime_error("requested by the test");
      return node.parameters().get<std::string>("fails") != transition;
    };
  };
  Lifecycle lifecycle(node, {.on_configure = callback("configure"),
                             .on_activate = callback("activate"),
                             .on_deactivate = callback("deactivate"),
                             .on_cleanup = callback("cleanup"),
                             .on_shutdown = callback("shutdown"),
                             .on_error = callback("error")});
  auto chatter = node.create_publisher<String>("chatter", node.publisher_qos("chatter"));
  Diagnostics diagnostics(node, [&] {
    node.logger().debug("diagnostics are collected");
    chatter.publish({"hello"});
    return std::vector<DiagnosticStatus>{
        {DiagnosticStatus::kOk, "life cycle", std::string(label_of(lifecycle.state())), "", {{"key", "value"}}}};
  });
  print_line("ready");
  Node::spin(stop.token());
  return 0;
}

int run(int argc, const char* const* argv) {
  base::StopSignal stop;
  Arguments arguments = parse_arguments(argc, argv);
  Participant participant(participant_options(arguments.enclave));
  const std::string& role = arguments.other.at(0);
  if (role == "server") return run_server(participant, arguments, stop);
  if (role == "client") return run_client(participant, arguments);
  if (role == "one_goal") return run_one_goal(participant, arguments);
  if (role == "camera") return run_camera(participant, arguments);
  if (role == "viewer") return run_viewer(participant, arguments, stop);
  if (role == "managed") return run_managed(participant, arguments, stop);
  return 2;
}

}  // namespace
}  // namespace clipseek::ros2

int main(int argc, char** argv) {
  try {
    return clipseek::ros2::run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 2;
  }
}
