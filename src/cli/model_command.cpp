#include <algorithm>
#include <chrono>

#include "base/json.h"
#include "base/stop_signal.h"
#include "cli/commands.h"
#include "cli/model_table.h"
#include "cli/pull_progress.h"
#include "cli/text_layout.h"
#include "clipseek/error.h"
#include "hub/hub_cache.h"
#include "hub/pull.h"

namespace clipseek::cli {
namespace {

base::Json path_or_null(const std::optional<std::filesystem::path>& folder) {
  return folder ? base::Json(folder->string()) : base::Json();
}

base::Json to_json(const ModelRow& row) {
  const hub::KnownModel& model = *row.model;
  return base::Json::Object{{"name", model.name},
                            {"repository", model.repository},
                            {"revision", model.revision},
                            {"family", hub::family_name(model.family)},
                            {"download_bytes", static_cast<std::size_t>(model.download_bytes)},
                            {"input", model.input},
                            {"dimension", model.embedding},
                            {"languages", model.languages},
                            {"licence", model.licence},
                            {"good_for", model.good_for},
                            {"path", path_or_null(row.folder)}};
}

// Returns the snapshots in the cache that do not belong to a known model.
std::vector<hub::HubCache::Found> other_models(const std::vector<ModelRow>& rows, const hub::HubSettings& settings) {
  std::vector<hub::HubCache::Found> others;
  for (hub::HubCache::Found& found : hub::HubCache(settings.cache).models()) {
    bool known = std::any_of(rows.begin(), rows.end(), [&](const ModelRow& row) { return row.folder == found.folder; });
    if (!known) others.push_back(std::move(found));
  }
  return others;
}

std::string name_of(const hub::HubCache::Found& found) {
  return found.repository + "@" + found.commit;
}

std::vector<ModelRow> known_rows(const hub::HubSettings& settings) {
  std::vector<ModelRow> rows;
  for (const hub::KnownModel& model : hub::known_models()) {
    rows.push_back({&model, hub::find_pulled_model(hub::require_model_name(std::string(model.name)), settings)});
  }
  return rows;
}

// Returns the named model, or every model on this machine if `name` is empty.
std::vector<std::pair<std::string, std::filesystem::path>> models_to_verify(const std::string& name,
                                                                            const hub::HubSettings& settings) {
  if (!name.empty()) return {{hub::require_model_name(name).name(), hub::require_pulled_model(name)}};
  std::vector<std::pair<std::string, std::filesystem::path>> models;
  std::vector<ModelRow> rows = known_rows(settings);
  for (const ModelRow& row : rows) {
    if (row.folder) models.emplace_back(row.model->name, *row.folder);
  }
  for (const hub::HubCache::Found& found : other_models(rows, settings))
    models.emplace_back(name_of(found), found.folder);
  return models;
}

const char* state_name(hub::FileState state) {
  switch (state) {
    case hub::FileState::kGood:
      return "good";
    case hub::FileState::kDamaged:
      return "damaged";
    case hub::FileState::kMissing:
      return "missing";
    case hub::FileState::kUnchecked:
      return "unchecked";
  }
  return "";
}

// Prints the state of a model's files and returns the number of bad ones.
int report_files(const std::string& name, const std::filesystem::path& folder,
                 const std::vector<hub::CheckedFile>& files, bool json, const Console& console) {
  int bad = 0;
  int unchecked = 0;
  for (const hub::CheckedFile& file : files) {
    if (json) {
      console.out << base::Json(base::Json::Object{{"name", name},
                                                   {"file", file.name},
                                                   {"state", state_name(file.state)},
                                                   {"path", (folder / file.name).string()}})
                             .dump() +
                         "\n";
    }
    unchecked += file.state == hub::FileState::kUnchecked ? 1 : 0;
    if (file.state != hub::FileState::kDamaged && file.state != hub::FileState::kMissing) continue;
    ++bad;
    console.error(name + ": " + file.name + " is " + state_name(file.state) + "; clipseek model pull " + name +
                  " downloads it again");
  }
  if (json) return bad;
  std::string line = name + ": " + std::to_string(files.size()) + " files, " +
                     (bad > 0 ? std::to_string(bad) + " bad" : std::string("none bad"));
  if (unchecked > 0) line += ", " + std::to_string(unchecked) + " without a known checksum (placed by hand)";
  console.out << printable(line) + "\n";
  return bad;
}

hub::PullObserver observer_of(PullPrinter& printer, const base::StopSignal& stop) {
  hub::PullObserver observer;
  observer.note = [&printer](const std::string& message) { printer.note(message); };
  observer.stop = [&stop] { return stop.received() != 0; };
  observer.progress = [&printer](const hub::PullProgress& progress) { printer.update(progress); };
  return observer;
}

}  // namespace

int run_model_list(const ModelListArguments& arguments, const Console& console) {
  hub::HubSettings settings = hub::hub_settings();
  std::vector<ModelRow> rows = known_rows(settings);
  std::vector<hub::HubCache::Found> others = other_models(rows, settings);
  if (arguments.json) {
    for (const ModelRow& row : rows) console.out << to_json(row).dump() + "\n";
    for (const hub::HubCache::Found& found : others) {
      console.out << base::Json(base::Json::Object{{"name", name_of(found)}, {"path", found.folder.string()}}).dump() +
                         "\n";
    }
    return 0;
  }
  console.out << model_table(rows, console.out_terminal.interactive ? console.out_terminal.columns : 0);
  if (!others.empty()) console.out << "\nalso in the cache:\n";
  for (const hub::HubCache::Found& found : others) console.out << "  " + printable(name_of(found)) + "\n";
  return 0;
}

int run_model_pull(const ModelNameArguments& arguments, const Console& console) {
  auto begin = std::chrono::steady_clock::now();
  hub::ModelReference reference = hub::require_model_name(arguments.name);
  base::StopSignal stop;
  hub::PulledModel model;
  try {
    PullPrinter printer(console);
    model = hub::pull_model(reference, hub::hub_settings(), observer_of(printer, stop));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kCancelled || stop.received() == 0) throw;
    console.note("stopped on request; the downloaded part is kept. Run the same command again to continue");
    return 128 + stop.received();
  }
  std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  if (arguments.json) {
    console.out << base::Json(base::Json::Object{{"name", reference.name()},
                                                 {"repository", reference.repository},
                                                 {"commit", model.commit},
                                                 {"path", model.folder.string()},
                                                 {"files", model.files},
                                                 {"fetched_bytes", static_cast<std::size_t>(model.fetched_bytes)},
                                                 {"seconds", seconds.count()}})
                           .dump() +
                       "\n";
    return 0;
  }
  if (!model.offline) {
    console.note(reference.name() + ": " + std::to_string(model.files) + " files, " +
                 format_bytes(model.fetched_bytes) + " downloaded in " + format_seconds(seconds.count()) +
                 ", all checksums match");
  }
  console.out << model.folder.string() + "\n";
  return 0;
}

int run_model_verify(const ModelNameArguments& arguments, const Console& console) {
  auto models = models_to_verify(arguments.name, hub::hub_settings());
  if (models.empty()) console.note("there are no models from the hub on this machine");
  base::StopSignal stop;
  int bad = 0;
  for (const auto& [name, folder] : models) {
    std::vector<hub::CheckedFile> files;
    try {
      PullPrinter printer(console);
      files = hub::verify_model(folder, observer_of(printer, stop));
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kCancelled || stop.received() == 0) throw;
      return 128 + stop.received();
    }
    bad += report_files(name, folder, files, arguments.json, console);
  }
  return bad > 0 ? kSomeInputsBad : 0;
}

int run_model_path(const ModelNameArguments& arguments, const Console& console) {
  std::filesystem::path folder = hub::require_pulled_model(arguments.name);
  if (arguments.json) {
    console.out << base::Json(base::Json::Object{{"name", arguments.name}, {"path", folder.string()}}).dump() + "\n";
  } else {
    console.out << folder.string() + "\n";
  }
  return 0;
}

}  // namespace clipseek::cli
