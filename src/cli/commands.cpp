#include "cli/commands.h"

#include <cstdlib>

#include "base/file_status.h"
#include "clip/model_folder.h"
#include "clipseek/error.h"
#include "hub/pull.h"

namespace clipseek::cli {

std::unique_ptr<Model> open_model(const ModelArguments& arguments) {
  return Model::open(locate_model(arguments.model), arguments.options);
}

std::filesystem::path locate_model(const std::string& model) {
  std::string wanted = model;
  if (wanted.empty()) {
    const char* variable = std::getenv("CLIPSEEK_MODEL");
    wanted = variable != nullptr ? variable : "";
  }
  std::error_code error;
  if (!std::filesystem::is_directory(wanted, error) && hub::parse_model_name(wanted)) {
    if (wanted.find('/') != std::string::npos)
      base::file_type_at(wanted);  // throws where it may be a folder out of reach
    return hub::require_pulled_model(wanted);
  }
  try {
    return clip::find_model(model);
  } catch (const Error& missing) {
    std::string near;
    for (const std::string& name : hub::near_model_names(wanted)) near += (near.empty() ? "" : ", ") + name;
    if (missing.code() != ErrorCode::kNotFound || near.empty()) throw;
    throw Error(missing.code(), std::string(missing.what()) + ", nor is it one of the hub; near to it: " + near);
  }
}

void require_database(const DatabaseArgument& database) {
  if (base::file_type_at(database.path) != std::filesystem::file_type::not_found) return;
  throw Error(ErrorCode::kNotFound, "there is no database " + database.path.string() +
                                        "; create it with clipseek index, or choose another with --db");
}

}  // namespace clipseek::cli
