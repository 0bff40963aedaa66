// What a query leaves behind: links to the pictures, and results.json. docs/formats.md, "Result folders".
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "clipseek/catalog.h"

namespace clipseek::nodes {

struct QueryResults {
  std::string text;  // the query; empty: none
  std::string url;
  std::vector<SearchHit> hits;
};

// One line of JSON, without the newline.
std::string results_json(const QueryResults& results);

// Replaces the links 0.jpg, 1.jpg, ... and results.json in `folder`, and nothing else: throws Error kStorage for a
// file of another origin under one of these names, or when it cannot write.
void write_results(const std::filesystem::path& folder, const QueryResults& results);

}  // namespace clipseek::nodes
