// The hub's cache on this machine, in the layout that the huggingface_hub package gave it (docs/models.md):
//   models--OWNER--NAME/blobs/DIGEST              each file's content, under its checksum
//   models--OWNER--NAME/refs/REVISION             the commit that a branch or tag stood at
//   models--OWNER--NAME/snapshots/COMMIT/FILE     a link to its blob
//   .locks/models--OWNER--NAME/DIGEST.lock        held (flock) by whoever fetches that blob
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "hub/digest.h"
#include "hub/model_reference.h"

namespace clipseek::hub {

class HubCache {
 public:
  explicit HubCache(std::filesystem::path folder) : folder_(std::move(folder)) {}

  std::filesystem::path repository_folder(const std::string& repository) const;
  std::filesystem::path snapshot_folder(const std::string& repository, const std::string& commit) const;
  std::filesystem::path blob_path(const std::string& repository, const Digest& digest) const;

  // The snapshot that `reference` means and that holds a configuration and its weights: the revision itself, or for a
  // known model whose commit is not here, what main stood at when something else fetched it.
  std::optional<std::filesystem::path> find(const ModelReference& reference) const;

  struct Found {
    std::string repository;
    std::string commit;
    std::filesystem::path folder;
  };
  // Every snapshot here that is a CLIP of some kind, sorted by repository.
  std::vector<Found> models() const;

  // The next four make what is missing on the way; they throw Error kStorage where the disk refuses.
  void make_folders(const std::string& repository, const std::string& commit) const;
  // Takes the lock on a blob, kept as long as the descriptor. Where another process has it, calls `waiting` a few times
  // a second until it is free; false gives up with Error kCancelled.
  base::UniqueFd lock(const std::string& repository, const Digest& digest, const std::function<bool()>& waiting) const;
  void link(const std::string& repository, const std::string& commit, const std::string& file,
            const Digest& digest) const;
  void set_reference(const std::string& repository, const std::string& revision, const std::string& commit) const;

 private:
  std::optional<std::string> commit_of(const ModelReference& reference) const;

  std::filesystem::path folder_;
};

// A folder with a configuration and its weights.
bool is_complete_model(const std::filesystem::path& folder);

// Renames within one folder, so that after a power failure too either name stands for its whole file.
void rename_durably(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace clipseek::hub
