#include "cli/commands.h"

#include "base/file_status.h"
#include "clipseek/error.h"

namespace clipseek::cli {

std::unique_ptr<Model> open_model(const ModelArguments& arguments) {
  return Model::open(locate_model(arguments.model), arguments.options);
}

void require_database(const DatabaseArgument& database) {
  if (base::file_type_at(database.path) != std::filesystem::file_type::not_found) return;
  throw Error(ErrorCode::kNotFound, "there is no database " + database.path.string() +
                                        "; create it with clipseek index, or choose another with --db");
}

}  // namespace clipseek::cli
