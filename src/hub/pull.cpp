#include "hub/pull.h"

#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>

#include "base/mapped_file.h"
#include "clipseek/error.h"
#include "hub/hub_cache.h"
#include "hub/partial_file.h"

namespace clipseek::hub {
namespace {

namespace fs = std::filesystem;

// One pull of a model's files, in order, and its progress.
class Pull {
 public:
  Pull(const ModelReference& reference, const HubSettings& settings, const PullObserver& observer)
      : reference_(reference), cache_(settings.cache), observer_(observer), client_(settings, observer) {}

  PulledModel run();

 private:
  void require_space(const std::vector<RemoteFile>& files) const;
  void ensure_file(const RemoteFile& file);
  bool is_cached_and_valid(const RemoteFile& file);
  void fetch(const RemoteFile& file);
  Error wrong_checksum(const RemoteFile& file) const;
  bool has_digest(const fs::path& path, const RemoteFile& file);
  base::UniqueFd lock(const RemoteFile& file);
  void report_progress(const RemoteFile& file, std::uint64_t bytes, bool checking);

  const ModelReference& reference_;
  HubCache cache_;
  const PullObserver& observer_;
  HubClient client_;
  std::string commit_;
  std::uint64_t finished_bytes_ = 0;  // of the files that are complete
  std::uint64_t total_bytes_ = 0;
  std::uint64_t fetched_bytes_ = 0;
};

PulledModel Pull::run() {
  static constexpr std::size_t kMaxConfig = std::size_t{4} << 20;
  Repository repository = client_.repository(reference_);
  std::vector<RemoteFile> files = needed_files(repository, reference_);
  commit_ = repository.commit;
  for (const RemoteFile& file : files) total_bytes_ += file.size;
  cache_.make_folders(reference_.repository, commit_);
  require_space(files);
  for (const RemoteFile& file : files) {
    ensure_file(file);
    if (file.name == kHuggingFaceFiles.config) {
      fs::path path = cache_.blob_path(reference_.repository, file.digest);
      require_clip_config(base::read_text_file(path, kMaxConfig), reference_.repository + "/" + file.name);
    }
    finished_bytes_ += file.size;
  }
  cache_.set_reference(reference_.repository, reference_.revision, commit_);
  return {cache_.snapshot_folder(reference_.repository, commit_), commit_, files.size(), fetched_bytes_, false};
}

void Pull::require_space(const std::vector<RemoteFile>& files) const {
  static constexpr std::uint64_t kReserve = std::uint64_t{1} << 20;
  std::uint64_t needed = 0;
  for (const RemoteFile& file : files) {
    fs::path blob = cache_.blob_path(reference_.repository, file.digest);
    std::error_code error;
    if (fs::exists(blob, error)) continue;
    std::uint64_t here = fs::file_size(blob.string() + ".incomplete", error);
    needed += error || here > file.size ? file.size : file.size - here;
  }
  fs::path folder = cache_.repository_folder(reference_.repository);
  struct statvfs space {};
  if (needed == 0 || ::statvfs(folder.c_str(), &space) != 0) return;  // a failing write will report it
  std::uint64_t free = std::uint64_t{space.f_bavail} * space.f_frsize;
  if (free >= needed + kReserve) return;
  throw Error(ErrorCode::kStorage, "no space for " + reference_.name() + ": it needs " + std::to_string(needed) +
                                       " more bytes and " + folder.string() + " has " + std::to_string(free) +
                                       "; free some space, or set HF_HUB_CACHE to a folder on another disk");
}

void Pull::report_progress(const RemoteFile& file, std::uint64_t bytes, bool checking) {
  if (observer_.progress) observer_.progress({file.name, checking, finished_bytes_ + bytes, total_bytes_});
}

base::UniqueFd Pull::lock(const RemoteFile& file) {
  bool noted = false;
  auto waiting = [&] {
    if (!noted && observer_.note) observer_.note("another process is fetching " + file.name + ": waiting for it");
    noted = true;
    return !(observer_.stop && observer_.stop());
  };
  return cache_.lock(reference_.repository, file.digest, waiting);
}

bool Pull::has_digest(const fs::path& path, const RemoteFile& file) {
  report_progress(file, file.size, true);
  auto proceed = [&] { return !(observer_.stop && observer_.stop()); };
  return digest_of_file(path, file.digest.algorithm, proceed) == file.digest;
}

bool Pull::is_cached_and_valid(const RemoteFile& file) {
  fs::path blob = cache_.blob_path(reference_.repository, file.digest);
  std::error_code error;
  if (!fs::is_regular_file(blob, error)) return false;
  if (fs::file_size(blob, error) == file.size && has_digest(blob, file)) return true;
  if (observer_.note) observer_.note(file.name + " on this machine is damaged: fetching it again");
  return false;
}

void Pull::ensure_file(const RemoteFile& file) {
  base::UniqueFd held = lock(file);
  if (!is_cached_and_valid(file)) fetch(file);
  cache_.link(reference_.repository, commit_, file.name, file.digest);
}

void Pull::fetch(const RemoteFile& file) {
  fs::path blob = cache_.blob_path(reference_.repository, file.digest);
  fs::path partial = blob.string() + ".incomplete";
  std::error_code error;
  std::uint64_t before = fs::exists(partial, error) ? fs::file_size(partial, error) : 0;
  auto download = [&](std::uint64_t from) {
    client_.download(reference_.repository, commit_, file, partial, [&](std::uint64_t size) {
      fetched_bytes_ += size > from ? size - from : 0;
      from = size;
      report_progress(file, size, false);
    });
  };
  download(before);
  bool good = has_digest(partial, file);
  if (!good && before > 0) {  // the partial file of an earlier pull may be wrong: download all bytes again
    fs::remove(partial, error);
    download(0);
    good = has_digest(partial, file);
  }
  if (!good) {
    fs::remove(partial, error);
    throw wrong_checksum(file);
  }
  rename_durably(partial, blob);
}

Error Pull::wrong_checksum(const RemoteFile& file) const {
  return {ErrorCode::kCorrupt,
          reference_.repository + "/" + file.name + ": the downloaded file does not have the checksum " +
              file.digest.hex + " that the hub states, and was deleted; the files that were here before are " +
              "unchanged. Pull again; if that does not help, the mirror (HF_ENDPOINT) or a " + "proxy changes files"};
}

std::string manual_instructions(const ModelReference& reference, const HubSettings& settings) {
  bool open_clip = reference.known != nullptr && reference.known->family == ModelFamily::kOpenClip;
  const EssentialFiles& files = open_clip ? kOpenClipFiles : kHuggingFaceFiles;
  return "to place it by hand, put " + std::string(files.weights) + ", " + std::string(files.config) +
         (open_clip ? "" : ", preprocessor_config.json") + " and the tokenizer files of " + settings.endpoint + "/" +
         reference.repository + "/tree/" + reference.revision + " into " +
         HubCache(settings.cache).snapshot_folder(reference.repository, reference.revision).string();
}

}  // namespace

PulledModel pull_model(const ModelReference& reference, const HubSettings& settings, const PullObserver& observer) {
  std::string reason = "HF_HUB_OFFLINE is set";
  if (!settings.offline) {
    try {
      return Pull(reference, settings, observer).run();
    } catch (const Unreachable& error) {
      reason = std::string("the hub cannot be reached (") + error.what() + ")";
    }
  }
  auto folder = HubCache(settings.cache).find(reference);
  if (!folder) throw Error(ErrorCode::kUnavailable, reason + ": " + manual_instructions(reference, settings));
  if (observer.note) observer.note(reason + "; " + reference.name() + " is already on this machine");
  PulledModel model{*folder, folder->filename().string(), 0, 0, true};
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(*folder, error)) model.files += entry.is_regular_file(error) ? 1 : 0;
  return model;
}

std::optional<fs::path> find_pulled_model(const ModelReference& reference, const HubSettings& settings) {
  return HubCache(settings.cache).find(reference);
}

fs::path require_pulled_model(const std::string& name) {
  ModelReference reference = require_model_name(name);
  if (auto folder = find_pulled_model(reference, hub_settings())) return *folder;
  throw Error(ErrorCode::kNotFound,
              (reference.known != nullptr ? "the model " : "there is no folder or pulled repository ") +
                  reference.name() + (reference.known != nullptr ? " is not on this machine" : "") +
                  ": clipseek model pull " + reference.name() + " fetches it");
}

}  // namespace clipseek::hub
