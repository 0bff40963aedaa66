// Start here: fetches a published checkpoint, finds it on this machine and checks it.
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
  std::string file;               // the file that is being fetched or checked
  bool checking = false;          // its checksum is being computed
  std::uint64_t done_bytes = 0;   // of all files, including those already on this machine
  std::uint64_t total_bytes = 0;  // of all files
};

struct PullObserver : HubObserver {
  std::function<void(const PullProgress&)> progress;  // many times a second
};

struct PulledModel {
  std::filesystem::path folder;  // contains the files by their names
  std::string commit;
  std::size_t files = 0;
  std::uint64_t fetched_bytes = 0;  // over the network
  bool offline = false;             // the hub was not used; the model was already on this machine
};

// Fetches the missing files of a model and checks every file, fetched or found, against the checksum that the hub
// states. Each file is written under a temporary name and renamed when it is complete and its checksum is right; an
// interrupted pull continues where it ended. Of two pulls of the same file, in this or another process, the second
// waits. Where the hub cannot be reached, a model that is already on this machine is returned.
// Throws the Errors of HubClient and needed_files(); also kCorrupt for a wrong checksum (intact files stay unchanged),
// kStorage for a disk that is or would become full, or a failed write; kUnavailable, whose message describes how to
// place the files by hand, where there is no network.
PulledModel pull_model(const ModelReference& reference, const HubSettings& settings, const PullObserver& observer);

// Returns the folder of a model that is on this machine; std::nullopt where it is not.
std::optional<std::filesystem::path> find_pulled_model(const ModelReference& reference, const HubSettings& settings);

// The same for a name as require_model_name accepts it, with the settings of this process's environment. Throws Error
// kNotFound, whose message names the command that fetches it, where it is not on this machine.
std::filesystem::path require_pulled_model(const std::string& name);

enum class FileState {
  kGood,
  kDamaged,    // its checksum differs
  kMissing,    // the link exists, its file does not
  kUnchecked,  // placed by hand, so no checksum is known
};
struct CheckedFile {
  std::string name;
  FileState state = FileState::kGood;
};

// Computes the checksum of every file in a snapshot's folder again and returns the files sorted by name. Needs no
// network, because the cache names each file by its checksum. Throws Error kNotFound, kUnreadable, kCancelled.
std::vector<CheckedFile> verify_model(const std::filesystem::path& folder, const PullObserver& observer);

}  // namespace clipseek::hub
