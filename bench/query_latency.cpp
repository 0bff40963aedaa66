// Measures how long clip_manage in mode 2 takes to answer, for bench/robot_day.py: sends a goal for each line of
// standard input, which is a sentence, and prints a line with the milliseconds from sending it to its result, and the
// number of pictures; or "failed" and the reason.
#include <chrono>
#include <iostream>
#include <string>

#include "nodes/shared/clip_msgs.h"
#include "ros2/node.h"

namespace {

using namespace clipseek;

constexpr std::chrono::seconds kTimeout{30};

void answer(ros2::ActionClient<nodes::Search>& client, const std::string& text) {
  if (!client.wait_for_server(kTimeout)) {
    std::cout << "failed: no server" << std::endl;
    return;
  }
  auto begin = std::chrono::steady_clock::now();
  auto outcome = client.send_goal({text, "", 10}).wait(kTimeout);
  std::chrono::duration<double, std::milli> duration = std::chrono::steady_clock::now() - begin;
  if (!outcome || !outcome->result.success) {
    std::cout << "failed: " << (outcome ? outcome->reason + outcome->result.message : "no answer") << std::endl;
    return;
  }
  std::cout << duration.count() << " " << outcome->result.items.size() << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    ros2::Arguments arguments = ros2::parse_arguments(argc, argv);
    ros2::Participant participant(ros2::participant_options(arguments.enclave));
    ros2::Node node(participant, arguments, "query_latency");
    auto client = node.create_action_client<nodes::Search>("clip_search");
    for (std::string text; std::getline(std::cin, text);) answer(client, text);
    return 0;
  } catch (const Error& error) {
    std::cerr << "query_latency: " << error.what() << "\n";
    return 1;
  }
}
