// Start here: fetching a published checkpoint, finding it on this machine and checking it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "hub/hub_client.h"
#include "hub/hub_settings.h"
#include "hub/known_models.h"
#include "hub/model_reference.h"

namespace clipseek::hub {

struct PullProgress {
  std::string file;               // that is fetched or checked now
  bool checking = false;          // its checksum is computed
  std::uint64_t done_bytes = 0;   // of all files, what was here before included
  std::uint64_t total_bytes = 0;  // of all files
};

struct PullObserver : HubObserver {
  std::function<void(const PullProgress&)> progress;  // many times a second
};

struct PulledModel {
  std::filesystem::path folder;  // holds the files by their names
  std::string commit;
  std::size_t files = 0;
  std::uint64_t fetched_bytes = 0;  // over the network
  bool offline = false;             // the hub was not asked: what was here before
};

// Fetches what is missing of a model and checks every file of it, fetched or found, against the checksum that the hub
// states. Each file is written under a temporary name and renamed when it is whole and right; a broken pull goes on
// where it ended. Two pulls of the same file, in this or any process: the second waits. Where the hub cannot be reached
// but the model is here, that is enough.
// Throws Error: as HubClient and needed_files() do; kCorrupt for a checksum that differs (nothing that was good is
// touched), kStorage for a disk that is full, would be, or refuses; kUnavailable, telling how to place the files by
// hand, where there is no network.
PulledModel pull_model(const ModelReference& reference, const HubSettings& settings, const PullObserver& observer);

// The folder of a model that is on this machine; nothing where it is not.
std::optional<std::filesystem::path> find_pulled_model(const ModelReference& reference, const HubSettings& settings);

// The same for what a person gave (require_model_name), with the process's own settings. Throws Error kNotFound, saying
// how to get it, where it is not here.
std::filesystem::path require_pulled_model(const std::string& name);

enum class FileState {
  kGood,
  kDamaged,    // its checksum differs
  kMissing,    // the link is there, its file is not
  kUnchecked,  // placed by hand: no checksum is known
};
struct CheckedFile {
  std::string name;
  FileState state = FileState::kGood;
};

// Computes the checksum of every file in a snapshot's folder again, sorted by name; needs no network, for the cache
// keeps each file under its checksum. Throws Error kNotFound, kUnreadable, kCancelled.
std::vector<CheckedFile> verify_model(const std::filesystem::path& folder, const PullObserver& observer);

}  // namespace clipseek::hub
