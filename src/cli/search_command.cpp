#include <filesystem>
#include <optional>

#include "base/json.h"
#include "catalog/result_links.h"
#include "cli/commands.h"
#include "cli/result_table.h"
#include "clipseek/catalog.h"
#include "clipseek/error.h"
#include "clipseek/query.h"
#include "clipseek/strength.h"

namespace clipseek::cli {
namespace {

// --image is one more term, of weight 1.
std::vector<QueryTerm> terms_of(const SearchArguments& arguments) {
  std::vector<QueryTerm> terms;
  if (!arguments.query.empty()) terms = parse_query(arguments.query);
  if (!arguments.image.empty()) terms.push_back(file_term(arguments.image));
  return terms;
}

void print_json(const std::vector<SearchHit>& hits, const std::optional<Calibration>& calibration, std::ostream& out) {
  int rank = 0;
  for (const SearchHit& hit : hits) {
    std::string_view strength = strength_name(strength_of(hit.score, calibration));
    base::Json json =
        base::Json::Object{{"rank", ++rank}, {"score", hit.score}, {"path", hit.path}, {"strength", strength}};
    out << json.dump() + "\n";
  }
}

}  // namespace

int run_search(const SearchArguments& arguments, const Console& console) {
  auto model = open_model(arguments.model);
  require_database(arguments.database);
  Catalog catalog(arguments.database.path, *model, OpenMode::kReadOnly);
  std::vector<QueryTerm> terms = terms_of(arguments);
  std::vector<SearchHit> hits = catalog.search(catalog.embed(terms), arguments.top_k);
  std::optional<Calibration> calibration = catalog.calibrate(terms);
  if (hits.empty())
    console.note(arguments.database.path.string() + " contains no pictures yet; add some with clipseek index");
  if (arguments.json) {
    print_json(hits, calibration, console.out);
  } else {
    std::error_code ignored;  // if the current folder was deleted, all paths are printed in full
    print_table(hits, std::filesystem::current_path(ignored), console);
  }
  if (!hits.empty() && strength_of(hits.front().score, calibration) == Strength::kWeak) {
    console.note("no good matches; these are the closest pictures");
  }
  if (!arguments.links.empty()) {
    catalog::replace_result_links(arguments.links, catalog::result_pictures(catalog, hits));
  }
  return 0;
}

}  // namespace clipseek::cli
