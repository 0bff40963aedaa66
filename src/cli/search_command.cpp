#include <algorithm>
#include <filesystem>

#include "base/error.h"
#include "base/json.h"
#include "catalog/catalog.h"
#include "catalog/result_links.h"
#include "cli/commands.h"
#include "cli/result_table.h"

namespace clipseek {
namespace {

Embedding encode_query(const SearchArguments& arguments, Encoder& encoder) {
  std::vector<QueryPart> parts;
  if (!arguments.query.empty()) parts.push_back({.embedding = encoder.encode_text(arguments.query)});
  if (!arguments.image.empty()) {
    parts.push_back({.embedding = encoder.encode_image({.path = arguments.image, .bytes = {}}).embedding});
  }
  return mix(parts);
}

void print_json(const std::vector<SearchHit>& hits, std::ostream& out) {
  int rank = 0;
  for (const SearchHit& hit : hits) {
    out << Json(Json::Object{{"rank", ++rank}, {"score", hit.score}, {"path", hit.path}}).dump() + "\n";
  }
}

}  // namespace

int run_search(const SearchArguments& arguments, const Console& console) {
  auto model = open_model(arguments.model);
  require_database(arguments.database);
  Catalog catalog(arguments.database.path, *model, OpenMode::kReadOnly);
  std::vector<SearchHit> hits = catalog.search(encode_query(arguments, *model), arguments.top_k);
  if (hits.empty()) console.note(arguments.database.path.string() + " holds no pictures yet: see clipseek index");
  if (arguments.json) {
    print_json(hits, console.out);
  } else {
    print_table(hits, std::filesystem::current_path(), console);
  }
  if (!arguments.links.empty()) {
    std::vector<std::filesystem::path> targets;
    targets.reserve(hits.size());
    for (const SearchHit& hit : hits) targets.emplace_back(hit.path);
    replace_result_links(arguments.links, targets);
  }
  return 0;
}

}  // namespace clipseek
