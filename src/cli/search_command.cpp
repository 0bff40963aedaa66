#include <filesystem>
#include <optional>

#include "base/error.h"
#include "base/json.h"
#include "catalog/calibration.h"
#include "catalog/catalog.h"
#include "catalog/query.h"
#include "catalog/result_links.h"
#include "cli/commands.h"
#include "cli/result_table.h"

namespace clipseek {
namespace {

// --image is one more term, of weight 1.
std::vector<QueryTerm> terms_of(const SearchArguments& arguments) {
  std::vector<QueryTerm> terms;
  if (!arguments.query.empty()) terms = parse_query(arguments.query);
  if (!arguments.image.empty()) {
    QueryTerm image;
    image.kind = QueryTerm::Kind::kFile;
    image.value = arguments.image;
    terms.push_back(std::move(image));
  }
  return terms;
}

Embedding encode_term(const QueryTerm& term, Encoder& encoder, Catalog& catalog) {
  switch (term.kind) {
    case QueryTerm::Kind::kText:
      return encoder.encode_text(term.value);
    case QueryTerm::Kind::kFile:
      return encoder.encode_image({.path = term.value, .bytes = {}}).embedding;
    case QueryTerm::Kind::kItem:
      if (auto embedding = catalog.embedding(term.item)) return *std::move(embedding);
      throw Error(ErrorCode::kNotFound, "the database has no picture item:" + std::to_string(term.item));
    case QueryTerm::Kind::kUpload:
      break;
  }
  throw Error(ErrorCode::kInvalidArgument,
              "upload:" + term.value + " means a picture that was sent to a server; give a file");
}

Embedding encode_query(const std::vector<QueryTerm>& terms, Encoder& encoder, Catalog& catalog) {
  std::vector<QueryPart> parts;
  for (const QueryTerm& term : terms) parts.push_back({term.weight, encode_term(term, encoder, catalog)});
  return mix(parts);
}

void print_json(const std::vector<SearchHit>& hits, const std::optional<Calibration>& calibration, std::ostream& out) {
  int rank = 0;
  for (const SearchHit& hit : hits) {
    std::string_view strength = strength_name(strength_of(hit.score, calibration));
    Json json = Json::Object{{"rank", ++rank}, {"score", hit.score}, {"path", hit.path}, {"strength", strength}};
    out << json.dump() + "\n";
  }
}

}  // namespace

int run_search(const SearchArguments& arguments, const Console& console) {
  auto model = open_model(arguments.model);
  require_database(arguments.database);
  Catalog catalog(arguments.database.path, *model, OpenMode::kReadOnly);
  std::vector<QueryTerm> terms = terms_of(arguments);
  std::vector<SearchHit> hits = catalog.search(encode_query(terms, *model, catalog), arguments.top_k);
  Calibrator calibrator(*model);
  std::optional<Calibration> calibration = calibrator.calibrate(terms, catalog.sample());
  if (hits.empty()) console.note(arguments.database.path.string() + " holds no pictures yet: see clipseek index");
  if (arguments.json) {
    print_json(hits, calibration, console.out);
  } else {
    std::error_code none;  // the current folder may have been deleted: then all paths are told in full
    print_table(hits, std::filesystem::current_path(none), console);
  }
  if (!hits.empty() && strength_of(hits.front().score, calibration) == Strength::kWeak) {
    console.note("nothing matches well: these are only the nearest of all pictures");
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
