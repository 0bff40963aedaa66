// The table of search results.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/console.h"
#include "clipseek/catalog.h"

namespace clipseek::cli {

// Returns `path` relative to `folder` if it is below it, otherwise (also with an empty `folder`) unchanged.
std::string path_from(const std::string& path, const std::filesystem::path& folder);

// Prints rank, score, a bar (full length: the best score) and path in columns that fit the terminal; if the output is
// not a terminal, "rank<TAB>score<TAB>path" with the path's bytes unchanged, for cut and awk. Paths are relative to
// `folder`.
void print_table(const std::vector<SearchHit>& hits, const std::filesystem::path& folder, const Console& console);

}  // namespace clipseek::cli
