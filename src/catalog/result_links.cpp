#include "catalog/result_links.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <string_view>

#include "base/mapped_file.h"
#include "base/system_error.h"
#include "base/unique_fd.h"
#include "catalog/result_manifest.h"
#include "catalog/topic_url.h"
#include "clipseek/error.h"

namespace clipseek::catalog {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxThumbnails = 1000;  // 20 MB
// A thumbnail is written under this name and then renamed. A file of this name is replaced in any case: one that is not
// complete does not have the content in the manifest.
constexpr std::string_view kNewThumbnail = ".clipseek-new-thumbnail";

fs::path result_path(const fs::path& folder, std::size_t number) {
  return folder / result_name(number);
}

fs::path new_result_path(const fs::path& folder, std::size_t number) {
  return folder / (".clipseek-new-" + result_name(number));
}

// An exclusive lock on a folder for the lifetime of the object; the kernel releases it if the process ends.
class FolderLock {
 public:
  explicit FolderLock(const fs::path& folder)
      : descriptor_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (!descriptor_) throw base::system_error("open", folder.string(), errno);
    while (::flock(descriptor_.get(), LOCK_EX) != 0 && errno == EINTR) {
    }
  }

 private:
  base::UniqueFd descriptor_;
};

bool is_free_or_ours(const fs::path& path, const std::set<ResultEntry>& entries) {
  return fs::symlink_status(path).type() == fs::file_type::not_found || matching_entry(path, entries) != nullptr;
}

void refuse_foreign_files(const fs::path& folder, std::size_t count, const ResultEntries& ours) {
  static const std::set<ResultEntry> kNone;
  std::size_t end = ours.empty() ? count : std::max(count, ours.rbegin()->first + 1);
  for (std::size_t number = 0; number < end; ++number) {
    auto known = ours.find(number);
    if (number >= count && known == ours.end()) continue;
    for (const fs::path& path : {result_path(folder, number), new_result_path(folder, number)}) {
      if (is_free_or_ours(path, known == ours.end() ? kNone : known->second)) continue;
      throw Error(ErrorCode::kStorage,
                  path.string() + " is in the way: clipseek did not make it, or it was changed " +
                      "since, so it is not replaced; move it or choose another folder for the links");
    }
  }
}

void make_results(const fs::path& folder, const std::vector<ResultPicture>& pictures) {
  for (std::size_t number = 0; number < pictures.size(); ++number) {
    fs::path fresh = new_result_path(folder, number);
    if (pictures[number].thumbnail.empty()) {
      fs::remove(fresh);
      fs::create_symlink(pictures[number].target, fresh);
    } else {
      replace_result_file(fresh, kNewThumbnail, pictures[number].thumbnail);
    }
  }
  for (std::size_t number = 0; number < pictures.size(); ++number) {
    fs::rename(new_result_path(folder, number), result_path(folder, number));
  }
}

ResultEntry entry_of(const ResultPicture& picture) {
  if (picture.thumbnail.empty()) return {picture.target.string()};
  return {picture.target.string(), base::content_hash(std::as_bytes(std::span(picture.thumbnail)))};
}

void replace_results(const fs::path& folder, const std::vector<ResultPicture>& pictures) {
  fs::create_directories(folder);
  FolderLock lock(folder);
  ResultEntries old_results = read_result_manifest(folder);
  refuse_foreign_files(folder, pictures.size(), old_results);
  ResultEntries new_results;
  for (std::size_t number = 0; number < pictures.size(); ++number) new_results[number] = {entry_of(pictures[number])};

  // While results are replaced, the manifest lists the old and the new ones, so that after an interruption everything
  // in the folder is still known to be clipseek's.
  ResultEntries both = old_results;
  for (const auto& [number, entries] : new_results) both[number].insert(entries.begin(), entries.end());
  write_result_manifest(folder, both);
  make_results(folder, pictures);
  for (const auto& [number, entries] : old_results) {
    fs::remove(new_result_path(folder, number));  // left by an interrupted call
    if (number >= pictures.size()) fs::remove(result_path(folder, number));
  }
  fs::remove(folder / kNewThumbnail);
  write_result_manifest(folder, new_results);
}

}  // namespace

std::vector<ResultPicture> result_pictures(Catalog& catalog, const std::vector<SearchHit>& hits) {
  std::vector<ResultPicture> pictures;
  std::size_t thumbnails = 0;
  for (const SearchHit& hit : hits) {
    pictures.push_back({hit.path});
    if (!may_have_thumbnail(hit.path) || thumbnails == kMaxThumbnails) continue;
    pictures.back().thumbnail = catalog.thumbnail(hit.id).value_or("");
    if (!pictures.back().thumbnail.empty()) ++thumbnails;
  }
  return pictures;
}

void replace_result_links(const fs::path& folder, const std::vector<ResultPicture>& pictures) {
  try {
    replace_results(folder, pictures);
  } catch (const fs::filesystem_error& error) {
    const fs::path& place = error.path1().empty() ? folder : error.path1();
    throw Error(ErrorCode::kStorage, "cannot create the links: " + place.string() + ": " + error.code().message());
  }
}

std::map<std::size_t, std::string> result_thumbnails(const fs::path& folder) {
  std::map<std::size_t, std::string> found;
  try {
    for (const auto& [number, entries] : read_result_manifest(folder)) {
      bool file = std::ranges::any_of(entries, [](const ResultEntry& entry) { return !entry.content_hash.empty(); });
      const ResultEntry* entry = file ? matching_entry(result_path(folder, number), entries) : nullptr;
      if (entry != nullptr && !entry->content_hash.empty()) found.emplace(number, entry->target);
    }
  } catch (const std::exception&) {  // what was found before remains
  }
  return found;
}

}  // namespace clipseek::catalog
