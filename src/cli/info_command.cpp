#include <optional>

#include "base/file_status.h"
#include "base/json.h"
#include "cli/commands.h"
#include "cli/text_layout.h"
#include "clipseek/catalog.h"

namespace clipseek::cli {
namespace {

std::string joined(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  return all;
}

base::Json model_json(const Model& model) {
  return base::Json::Object{{"name", model.info().name},           {"folder", model.details().folder.string()},
                            {"family", model.details().family},    {"input", model.details().input_side},
                            {"dimension", model.info().dimension}, {"precision", model.details().precision},
                            {"workers", model.details().workers},  {"fingerprint", model.info().fingerprint}};
}

base::Json database_json(const std::filesystem::path& path, const CatalogStats& stats) {
  base::Json::Array others(stats.other_models.begin(), stats.other_models.end());
  return base::Json::Object{{"path", path.string()},
                            {"items", stats.items},
                            {"other_items", stats.other_items},
                            {"other_models", std::move(others)},
                            {"failures", stats.failures},
                            {"bytes", stats.database_bytes}};
}

std::string describe(const Model& model) {
  std::string side = std::to_string(model.details().input_side);
  std::string cores = std::to_string(model.details().workers) + (model.details().workers == 1 ? " core" : " cores");
  return "model " + printable(model.info().name) + "\n" +
         format_rows({{"folder", printable(model.details().folder.string())},
                      {"family", model.details().family},
                      {"input", side + " x " + side + " pixels"},
                      {"dimension", std::to_string(model.info().dimension)},
                      {"precision", model.details().precision + " on " + cores},
                      {"fingerprint", model.info().fingerprint}});
}

std::string describe(const std::filesystem::path& path, const CatalogStats& stats) {
  Rows rows = {{"pictures", format_count(stats.items)}};
  if (stats.other_items > 0) {
    std::string models = stats.other_models.empty() ? "" : ": " + printable(joined(stats.other_models));
    rows.emplace_back("others", format_count(stats.other_items) + ", encoded with another model" + models);
  }
  rows.emplace_back("failures", format_count(stats.failures));
  rows.emplace_back("size", format_bytes(static_cast<std::uint64_t>(stats.database_bytes)));
  return "database " + printable(path.string()) + "\n" + format_rows(rows);
}

}  // namespace

int run_info(const InfoArguments& arguments, const Console& console) {
  auto model = open_model(arguments.model);
  // A missing database is an error only if the user named it.
  if (arguments.database.chosen) require_database(arguments.database);
  std::optional<CatalogStats> stats;
  if (base::file_type_at(arguments.database.path) != std::filesystem::file_type::not_found) {
    stats = Catalog(arguments.database.path, *model, OpenMode::kReadOnly).stats();
  }
  if (arguments.json) {
    base::Json database = stats ? database_json(arguments.database.path, *stats) : base::Json();
    console.out << base::Json(base::Json::Object{{"model", model_json(*model)}, {"database", database}}).dump() + "\n";
    return 0;
  }
  console.out << describe(*model)
              << (stats ? describe(arguments.database.path, *stats)
                        : "no database here yet; clipseek index creates clip.db\n");
  return 0;
}

}  // namespace clipseek::cli
