// The result folder of a query: links to the pictures or their thumbnails, and results.json. See docs/formats.md,
// "Result folders".
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "clipseek/catalog.h"

namespace clipseek::nodes {

struct QueryResults {
  std::string text;  // the query's text; empty: no text
  std::string url;
  std::vector<SearchHit> hits;
};

// One line of JSON, without the newline.
std::string results_json(const QueryResults& results);

// Replaces 0.jpg, 1.jpg, ... and results.json in `folder` and nothing else. The thumbnails come from `catalog`. Throws
// Error kStorage when another file has one of these names, or when writing fails.
void write_results(const std::filesystem::path& folder, const QueryResults& results, Catalog& catalog);

}  // namespace clipseek::nodes
