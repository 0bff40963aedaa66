#include "cli/commands.h"

#include "base/error.h"
#include "clip/model_folder.h"

namespace clipseek {

std::unique_ptr<Model> open_model(const ModelArguments& arguments) {
  return Model::open(find_model(arguments.model), arguments.options);
}

std::string precision_name(Precision precision) {
  return precision == Precision::kF32 ? "f32" : "bf16";
}

void require_database(const DatabaseArgument& database) {
  std::error_code error;
  if (std::filesystem::exists(database.path, error)) return;
  throw Error(ErrorCode::kNotFound, "there is no database " + database.path.string() +
                                        ": make it with clipseek index, or name another with --db");
}

}  // namespace clipseek
