#include "nodes/shared/diagnostics.h"

#include <cstdio>

namespace clipseek::nodes {

std::string number_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

ros2::DiagnosticStatus node_diagnostics(std::string_view state, const Model* model) {
  ros2::DiagnosticStatus part;
  part.name = "node";
  part.message = state;
  part.values = {{"lifecycle state", std::string(state)}};
  if (model == nullptr) return part;
  part.values.push_back({"model", model->info().name});
  part.values.push_back({"model fingerprint", model->info().fingerprint});
  part.values.push_back({"precision", model->details().precision});
  return part;
}

}  // namespace clipseek::nodes
