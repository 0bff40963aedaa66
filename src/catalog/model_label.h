// How models are told apart for people. Internal to catalog/.
#pragma once

#include <filesystem>
#include <string>

#include "clipseek/error.h"
#include "store/store.h"

namespace clipseek::catalog {

// "tiny [0123abcd]"
std::string model_label(const store::StoreModel& model);

// How many items of which models other than `model` the database holds, and what to do when there are no others: "5 of
// tiny [0123abcd]; search with that model, ..."; empty for none.
std::string other_models(store::Store& store, const store::StoreModel& model);

// The Error for a search where there are items, but only `others` (of other_models): an empty answer would be
// misleading.
Error no_items_of_model(const std::filesystem::path& database, const store::StoreModel& model,
                        const std::string& others);

}  // namespace clipseek::catalog
