// Search results for people.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/console.h"
#include "clipseek/catalog.h"

namespace clipseek::cli {

// `path` as seen from `folder` when it lies below it, else (and with an empty `folder`) as it is.
std::string path_from(const std::string& path, const std::filesystem::path& folder);

// On a terminal rank, score, a bar (its full length is the best score) and the path in columns that fit; elsewhere
// "rank<TAB>score<TAB>path" with the path's own bytes, for cut and awk. Paths are told as seen from `folder`.
void print_table(const std::vector<SearchHit>& hits, const std::filesystem::path& folder, const Console& console);

}  // namespace clipseek::cli
