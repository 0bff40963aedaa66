// The model that an encoder node runs.
#pragma once

#include <memory>
#include <string>

#include "clipseek/model.h"

namespace clipseek::nodes {

// Opens what the parameter model_file_name says: a model's folder, the name of one that came with clipseek or that
// `clipseek model pull` fetched; empty: $CLIPSEEK_MODEL, else the bundled one. Throws Error.
std::unique_ptr<Model> open_node_model(const std::string& name);

// "512 numbers, length 1.000000: 0.0123 -0.0456 ...": a feature as the local mode shows it.
std::string summary(const Embedding& embedding);

}  // namespace clipseek::nodes
