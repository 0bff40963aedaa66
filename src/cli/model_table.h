// The list of models, for a person.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "hub/known_models.h"

namespace clipseek::cli {

struct ModelRow {
  const hub::KnownModel* model;
  std::optional<std::filesystem::path> folder;  // where it is on this machine
};

// A head and a line for each model, in columns; what it is good for goes to a line of its own where `columns` (0: any
// number) are too few for all.
std::string model_table(const std::vector<ModelRow>& rows, int columns);

}  // namespace clipseek::cli
