// The model of an encoder node.
#pragma once

#include <memory>
#include <string>

#include "clipseek/model.h"

namespace clipseek::nodes {

// Opens the model that the parameter model_file_name names: a model folder, a bundled model, or a model fetched by
// `clipseek model pull`. If `name` is empty, opens $CLIPSEEK_MODEL, else the default bundled model. Throws Error.
std::unique_ptr<Model> open_node_model(const std::string& name);

// A feature as the local mode logs it: "512 numbers, length 1.000000: 0.0123 -0.0456 ...".
std::string summary(const Embedding& embedding);

}  // namespace clipseek::nodes
