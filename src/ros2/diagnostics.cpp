#include "ros2/diagnostics.h"

#include "clipseek/error.h"

namespace clipseek::ros2 {
namespace {

constexpr std::chrono::seconds kPeriod{1};

}  // namespace

Diagnostics::Diagnostics(Node& node, Collect collect)
    : node_(node),
      collect_(std::move(collect)),
      publisher_(node.create_publisher<DiagnosticArray>("/diagnostics", {.depth = 1})),
      timer_(kPeriod, [this] { publish(); }) {}

std::vector<DiagnosticStatus> Diagnostics::statuses() const {
  std::vector<DiagnosticStatus> statuses;
  try {
    statuses = collect_();
  } catch (const std::exception& error) {
    statuses = {{DiagnosticStatus::kError, "diagnostics", error.what(), "", {}}};
  }
  for (DiagnosticStatus& status : statuses) status.name = node_.name() + ": " + status.name;
  return statuses;
}

void Diagnostics::publish() {
  try {
    publisher_.publish({{node_.now(), ""}, statuses()});
  } catch (const Error& error) {
    node_.logger().warn(std::string("diagnostics: ") + error.what());
  }
}

}  // namespace clipseek::ros2
