// The hub's cache on this machine, in the layout of the huggingface_hub package (docs/models.md):
//   models--OWNER--NAME/blobs/DIGEST              each file's content, under its checksum
//   models--OWNER--NAME/refs/REVISION             the commit of a branch or tag
//   models--OWNER--NAME/snapshots/COMMIT/FILE     a link to its blob
//   .locks/models--OWNER--NAME/DIGEST.lock        locked (flock) while a process fetches that blob
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

  // Returns the snapshot of `reference`, if it has a configuration and weights: that of the revision itself, or, for a
  // known model whose commit is not in the cache, that of main when another program fetched it.
  std::optional<std::filesystem::path> find(const ModelReference& reference) const;

  struct Found {
    std::string repository;
    std::string commit;
    std::filesystem::path folder;
  };
  // Returns every snapshot in the cache that is a CLIP model, sorted by repository.
  std::vector<Found> models() const;

  // The next four functions create missing folders; they throw Error kStorage where a write fails.
  void make_folders(const std::string& repository, const std::string& commit) const;
  // Locks a blob for the lifetime of the returned descriptor. Where another process holds the lock, calls `waiting` a
  // few times a second until it is free; throws Error kCancelled where `waiting` returns false.
  base::UniqueFd lock(const std::string& repository, const Digest& digest, const std::function<bool()>& waiting) const;
  void link(const std::string& repository, const std::string& commit, const std::string& file,
            const Digest& digest) const;
  void set_reference(const std::string& repository, const std::string& revision, const std::string& commit) const;

 private:
  std::optional<std::string> commit_of(const ModelReference& reference) const;

  std::filesystem::path folder_;
};

// Returns whether a folder has a configuration and weights.
bool is_complete_model(const std::filesystem::path& folder);

// Renames within one folder and syncs it, so that also after a power failure the file has one of the two names.
void rename_durably(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace clipseek::hub
