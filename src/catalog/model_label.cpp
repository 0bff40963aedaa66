#include "catalog/model_label.h"

namespace clipseek::catalog {

std::string model_label(const store::StoreModel& model) {
  if (model.fingerprint.empty()) return "a model that is not recorded (hobot_clip)";
  return model.name + " [" + model.fingerprint.substr(0, 8) + "]";
}

std::string other_models(store::Store& store, const store::StoreModel& model) {
  std::string others;
  bool recorded = false;
  for (const store::ModelCount& count : store.count_by_model()) {
    if (count.model.fingerprint == model.fingerprint) continue;
    others += (others.empty() ? "" : ", ") + std::to_string(count.items) + " of " + model_label(count.model);
    recorded = recorded || !count.model.fingerprint.empty();
  }
  if (others.empty()) return others;
  return others + (recorded ? "; search with that model, or run 'clipseek index' on the folders with this one"
                            : "; run 'clipseek index' on their folders to make them searchable");
}

Error no_items_of_model(const std::filesystem::path& database, const store::StoreModel& model,
                        const std::string& others) {
  return Error(ErrorCode::kModelMismatch,
               database.string() + " holds no pictures of the model " + model_label(model) + ", only " + others);
}

}  // namespace clipseek::catalog
