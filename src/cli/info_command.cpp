#include <optional>

#include "base/json.h"
#include "catalog/catalog.h"
#include "cli/commands.h"
#include "cli/text_layout.h"
#include "clip/model_folder.h"

namespace clipseek {
namespace {

std::string joined(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  return all;
}

Json model_json(const Model& model, const std::filesystem::path& folder) {
  return Json::Object{{"name", model.info().name},
                      {"folder", folder.string()},
                      {"family", "clip"},
                      {"input", model.config().preprocess.crop},
                      {"dimension", model.info().dimension},
                      {"precision", precision_name(model.precision())},
                      {"workers", model.workers()},
                      {"fingerprint", model.info().fingerprint}};
}

Json database_json(const std::filesystem::path& path, const CatalogStats& stats) {
  Json::Array others(stats.other_models.begin(), stats.other_models.end());
  return Json::Object{{"path", path.string()},
                      {"items", stats.items},
                      {"other_items", stats.other_items},
                      {"other_models", std::move(others)},
                      {"failures", stats.failures},
                      {"bytes", stats.database_bytes}};
}

void print_model(const Model& model, const std::filesystem::path& folder, const Console& console) {
  std::string side = std::to_string(model.config().preprocess.crop);
  console.out << "model        " + printable(model.info().name) + " (CLIP)\n" +                 //
                     "  folder     " + printable(folder.string()) + "\n" +                      //
                     "  reads      " + side + " x " + side + " pixels\n" +                      //
                     "  gives      " + std::to_string(model.info().dimension) + " numbers\n" +  //
                     "  computes   in " + std::string(precision_name(model.precision())) + " on " +
                     std::to_string(model.workers()) + (model.workers() == 1 ? " core\n" : " cores\n") +  //
                     "  identity   " + model.info().fingerprint + "\n";
}

void print_database(const std::filesystem::path& path, const CatalogStats& stats, const Console& console) {
  std::string size = format_bytes(static_cast<std::uint64_t>(stats.database_bytes));
  console.out << "database     " + printable(path.string()) + " (" + size + ")\n" +  //
                     "  pictures   " + format_count(stats.items) + " searchable with this model\n";
  if (stats.other_items > 0) {
    std::string models = stats.other_models.empty() ? "" : ": " + printable(joined(stats.other_models));
    console.out << "  others     " + format_count(stats.other_items) + " of other models" + models + "\n";
  }
  console.out << "  failures   " + format_count(stats.failures) + " pictures that could not be read\n";
}

}  // namespace

int run_info(const InfoArguments& arguments, const Console& console) {
  std::filesystem::path folder = find_model(arguments.model.model);
  auto model = Model::open(folder, arguments.model.options);
  // A folder without a database is no mistake, a database that was named and is missing is one.
  if (arguments.database.chosen) require_database(arguments.database);
  std::optional<CatalogStats> stats;
  if (std::filesystem::exists(arguments.database.path)) {
    stats = Catalog(arguments.database.path, *model, OpenMode::kReadOnly).stats();
  }
  if (arguments.json) {
    Json database = stats ? database_json(arguments.database.path, *stats) : Json();
    console.out << Json(Json::Object{{"model", model_json(*model, folder)}, {"database", database}}).dump() + "\n";
    return 0;
  }
  print_model(*model, folder, console);
  if (stats) {
    print_database(arguments.database.path, *stats, console);
  } else {
    console.out << "database     none in this folder yet: clipseek index makes clip.db\n";
  }
  return 0;
}

}  // namespace clipseek
