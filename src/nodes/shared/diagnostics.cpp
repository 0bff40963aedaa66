#include "nodes/shared/diagnostics.h"

#include <cstdio>

namespace clipseek::nodes {

std::string number_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

ros2::DiagnosticStatus node_diagnostics(ros2::LifecycleState state, const EncoderInfo* model) {
  ros2::DiagnosticStatus part;
  part.name = "node";
  part.message = ros2::label_of(state);
  part.level = ros2::DiagnosticStatus::kWarn;
  if (state == ros2::LifecycleState::kActive) part.level = ros2::DiagnosticStatus::kOk;
  if (state == ros2::LifecycleState::kFinalized) part.level = ros2::DiagnosticStatus::kError;
  part.values = {{"lifecycle state", part.message}};
  if (model == nullptr) return part;
  part.values.push_back({"model", model->name});
  part.values.push_back({"model fingerprint", model->fingerprint});
  return part;
}

ros2::DiagnosticStatus node_diagnostics(ros2::LifecycleState state, const std::unique_ptr<Model>& model) {
  ros2::DiagnosticStatus part = node_diagnostics(state, model ? &model->info() : nullptr);
  if (model) part.values.push_back({"precision", model->details().precision});
  return part;
}

ros2::DiagnosticStatus goal_diagnostics(const GoalStatus& status) {
  ros2::DiagnosticStatus part;
  part.name = "goals";
  part.message = std::to_string(status.active) + " active, " + number_text(status.items_hz) + " items per second";
  part.values = {{"active", std::to_string(status.active)},
                 {"received", std::to_string(status.received)},
                 {"items", std::to_string(status.items)},
                 {"failed items", std::to_string(status.failed)},
                 {"items per second", number_text(status.items_hz)},
                 {"last error", status.last_error}};
  return part;
}

}  // namespace clipseek::nodes
