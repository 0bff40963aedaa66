#include "hub/hub_cache.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <system_error>
#include <thread>

#include "base/mapped_file.h"
#include "clipseek/error.h"
#include "hub/partial_file.h"
#include "hub/repository.h"

namespace clipseek::hub {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "models--";

bool has_file(const fs::path& folder, std::string_view name) {
  std::error_code error;
  return fs::is_regular_file(folder / name, error);
}

std::string repository_of_folder(const std::string& name) {
  std::string rest = name.substr(kPrefix.size());
  std::size_t parting = rest.find("--");
  if (parting != std::string::npos) rest = rest.substr(0, parting).append("/").append(rest, parting + 2);
  return rest;
}

// Used for a list, so a folder that cannot be read is not an error.
bool is_clip(const fs::path& folder) {
  static constexpr std::size_t kMaxBytes = std::size_t{1} << 20;
  if (!is_complete_model(folder)) return false;
  if (has_file(folder, kOpenClipFiles.config) && has_file(folder, kOpenClipFiles.weights)) return true;
  try {
    fs::path config = folder / kHuggingFaceFiles.config;
    require_clip_config(base::read_text_file(config, kMaxBytes), config.string());
    return true;
  } catch (const Error&) {
    return false;
  }
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw write_error(folder, error.value());
}

// Returns a name that no other process uses, in the same folder, so that the file can be renamed to `path`.
fs::path temporary_beside(const fs::path& path) {
  fs::path name = ".";
  name += path.filename();
  name += std::to_string(::getpid());
  name += ".tmp";
  return path.parent_path() / name;
}

}  // namespace

bool is_complete_model(const fs::path& folder) {
  auto has = [&](const EssentialFiles& files) {
    return has_file(folder, files.config) && has_file(folder, files.weights);
  };
  return has(kHuggingFaceFiles) || has(kOpenClipFiles);
}

void rename_durably(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) throw write_error(to, errno);
  base::UniqueFd folder(::open(to.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() >= 0) ::fsync(folder.get());  // some file systems do not support it; the rename itself has succeeded
}

fs::path HubCache::repository_folder(const std::string& repository) const {
  std::size_t slash = repository.find('/');
  std::string name(kPrefix);
  name.append(repository, 0, slash).append("--").append(repository, slash + 1);
  return folder_ / name;
}

fs::path HubCache::snapshot_folder(const std::string& repository, const std::string& commit) const {
  return repository_folder(repository) / "snapshots" / commit;
}

fs::path HubCache::blob_path(const std::string& repository, const Digest& digest) const {
  return repository_folder(repository) / "blobs" / digest.hex;
}

std::optional<std::string> HubCache::commit_of(const ModelReference& reference) const {
  static constexpr std::size_t kMaxBytes = 4096;
  fs::path path = repository_folder(reference.repository) / "refs" / reference.revision;
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return std::nullopt;
  std::string commit = base::read_text_file(path, kMaxBytes);
  while (!commit.empty() && (commit.back() == '\n' || commit.back() == '\r')) commit.pop_back();
  return is_commit(commit) ? std::optional(commit) : std::nullopt;
}

std::optional<fs::path> HubCache::find(const ModelReference& reference) const {
  std::vector<std::string> commits;
  if (auto commit = commit_of(reference)) commits.push_back(*commit);
  commits.push_back(reference.revision);  // the revision may be a commit, or a folder filled by hand
  if (reference.known != nullptr) {
    if (auto commit = commit_of({reference.repository, "main", nullptr})) commits.push_back(*commit);
  }
  for (const std::string& commit : commits) {
    fs::path folder = snapshot_folder(reference.repository, commit);
    if (is_complete_model(folder)) return folder;
  }
  return std::nullopt;
}

std::vector<HubCache::Found> HubCache::models() const {
  std::vector<Found> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder_, error)) {
    std::string name = entry.path().filename().string();
    if (!name.starts_with(kPrefix)) continue;
    std::error_code inner;
    for (const auto& snapshot : fs::directory_iterator(entry.path() / "snapshots", inner)) {
      if (!is_clip(snapshot.path())) continue;
      found.push_back({repository_of_folder(name), snapshot.path().filename().string(), snapshot.path()});
    }
  }
  std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
    return std::tie(a.repository, a.commit) < std::tie(b.repository, b.commit);
  });
  return found;
}

void HubCache::make_folders(const std::string& repository, const std::string& commit) const {
  fs::path folder = repository_folder(repository);
  make_folder(folder / "blobs");
  make_folder(folder / "snapshots" / commit);
  make_folder(folder_ / ".locks" / folder.filename());
}

base::UniqueFd HubCache::lock(const std::string& repository, const Digest& digest,
                              const std::function<bool()>& waiting) const {
  fs::path path = folder_ / ".locks" / repository_folder(repository).filename() / (digest.hex + ".lock");
  base::UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (file.get() < 0) throw write_error(path, errno);
  while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno != EWOULDBLOCK) throw write_error(path, errno);
    if (!waiting()) throw Error(ErrorCode::kCancelled, "stopped while another process fetches " + repository);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return file;
}

void HubCache::link(const std::string& repository, const std::string& commit, const std::string& file,
                    const Digest& digest) const {
  fs::path path = snapshot_folder(repository, commit) / file;
  fs::path target = fs::path("..") / ".." / "blobs" / digest.hex;
  std::error_code error;
  if (fs::read_symlink(path, error) == target) return;
  fs::path temporary = temporary_beside(path);
  fs::remove(temporary, error);
  fs::create_symlink(target, temporary, error);
  if (error) {
    throw Error(ErrorCode::kStorage, "cannot create the link " + path.string() + ": " + error.message() +
                                         "; the cache needs a file system with symbolic links (set HF_HUB_CACHE)");
  }
  rename_durably(temporary, path);
}

void HubCache::set_reference(const std::string& repository, const std::string& revision,
                             const std::string& commit) const {
  if (revision == commit) return;
  fs::path path = repository_folder(repository) / "refs" / revision;
  make_folder(path.parent_path());
  fs::path temporary = temporary_beside(path);
  {
    std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
    file << commit << std::flush;
    if (!file) throw write_error(path, errno);
  }
  rename_durably(temporary, path);
}

}  // namespace clipseek::hub
