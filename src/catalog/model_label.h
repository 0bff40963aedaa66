// How messages name models. Internal to catalog/.
#pragma once

#include <filesystem>
#include <string>

#include "clipseek/error.h"
#include "store/store.h"

namespace clipseek::catalog {

// "tiny [0123abcd]"
std::string model_label(const store::StoreModel& model);

// Describes the items in the database that belong to other models than `model`, with advice on how to make them
// searchable: "5 of tiny [0123abcd]; search with that model, ...". Empty if no such items exist.
std::string other_models(store::Store& store, const store::StoreModel& model);

// Returns the Error for a search in a database that holds only items of other models (`others`, from other_models()):
// an empty answer would be misleading.
Error no_items_of_model(const std::filesystem::path& database, const store::StoreModel& model,
                        const std::string& others);

}  // namespace clipseek::catalog
