#include <algorithm>
#include <system_error>

#include "clipseek/error.h"
#include "hub/digest.h"
#include "hub/pull.h"

namespace clipseek::hub {
namespace {

namespace fs = std::filesystem;

FileState check(const fs::path& path, const std::function<bool()>& proceed) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return FileState::kMissing;
  fs::path target = fs::read_symlink(path, error);
  if (error) return FileState::kUnchecked;
  auto stated = parse_digest(target.filename().string());
  if (!stated) return FileState::kUnchecked;
  return digest_of_file(path, stated->algorithm, proceed) == *stated ? FileState::kGood : FileState::kDamaged;
}

}  // namespace

std::vector<CheckedFile> verify_model(const fs::path& folder, const PullObserver& observer) {
  std::vector<fs::path> paths;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    // A dangling link stands for a missing file; folders do not belong to a model.
    if (!entry.is_directory(error)) paths.push_back(entry.path());
  }
  if (paths.empty()) throw Error(ErrorCode::kNotFound, "no model files in " + folder.string());
  std::sort(paths.begin(), paths.end());
  PullProgress progress;
  progress.checking = true;
  for (const fs::path& path : paths) {
    std::uint64_t size = fs::file_size(path, error);
    progress.total_bytes += error ? 0 : size;
  }
  std::vector<CheckedFile> files;
  for (const fs::path& path : paths) {
    progress.file = path.filename().string();
    if (observer.progress) observer.progress(progress);
    auto proceed = [&] { return !(observer.stop && observer.stop()); };
    files.push_back({progress.file, check(path, proceed)});
    std::uint64_t size = fs::file_size(path, error);
    progress.done_bytes += error ? 0 : size;
  }
  return files;
}

}  // namespace clipseek::hub
