// The table of `clipseek model list`.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "hub/known_models.h"

namespace clipseek::cli {

struct ModelRow {
  const hub::KnownModel* model;
  std::optional<std::filesystem::path> folder;  // on this machine, if the model was downloaded
};

// Returns a header and a line for each model. If the table is wider than `columns` (0: unlimited), the last column
// moves to a second line.
std::string model_table(const std::vector<ModelRow>& rows, int columns);

}  // namespace clipseek::cli
