#include "catalog/result_links.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "base/mapped_file.h"
#include "base/system_error.h"
#include "base/unique_fd.h"
#include "clipseek/error.h"

namespace clipseek::catalog {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kManifest = ".clipseek-links";
constexpr std::string_view kHeader = "clipseek links 1\n";
constexpr std::size_t kMaxManifestBytes = 1U << 28;

// The targets of the links that clipseek made, by link number. A link has two targets only while it is being replaced.
using Targets = std::map<std::size_t, std::set<std::string>>;

std::string link_name(std::size_t number) {
  return std::to_string(number) + ".jpg";
}

fs::path link_path(const fs::path& folder, std::size_t number) {
  return folder / link_name(number);
}

fs::path new_link_path(const fs::path& folder, std::size_t number) {
  return folder / (".clipseek-new-" + link_name(number));
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

// Returns the part of `text` before the next NUL byte, and removes both from `text`; throws if `text` contains no NUL
// byte.
std::string_view take_field(std::string_view& text, const fs::path& manifest) {
  std::size_t end = text.find('\0');
  if (end == std::string_view::npos)
    throw Error(ErrorCode::kCorrupt, manifest.string() + ": the manifest is truncated");
  std::string_view field = text.substr(0, end);
  text.remove_prefix(end + 1);
  return field;
}

std::size_t link_number(std::string_view name, const fs::path& manifest) {
  std::size_t number = 0;
  std::from_chars(name.data(), name.data() + name.size(), number);
  if (name != link_name(number))
    throw Error(ErrorCode::kCorrupt, manifest.string() + ": not the name of a result link");
  return number;
}

Targets read_manifest(const fs::path& folder) {
  fs::path manifest = folder / kManifest;
  if (fs::symlink_status(manifest).type() == fs::file_type::not_found) return {};
  std::string content = base::read_text_file(manifest, kMaxManifestBytes);
  std::string_view text = content;
  if (!text.starts_with(kHeader)) throw Error(ErrorCode::kCorrupt, manifest.string() + ": not a manifest of clipseek");
  text.remove_prefix(kHeader.size());
  Targets targets;
  while (!text.empty()) {
    std::size_t number = link_number(take_field(text, manifest), manifest);
    targets[number].emplace(take_field(text, manifest));
  }
  return targets;
}

void write_manifest(const fs::path& folder, const Targets& targets) {
  std::string content(kHeader);
  for (const auto& [number, paths] : targets) {
    for (const std::string& path : paths) {
      content += link_name(number);
      content += '\0';
      content += path;
      content += '\0';
    }
  }
  fs::path manifest = folder / kManifest;
  fs::path fresh = manifest.string() + ".new";
  fs::remove(fresh);
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(fresh.c_str(), "wxe"), std::fclose);
  if (!file) throw base::system_error("write", fresh.string(), errno);
  bool written = std::fwrite(content.data(), 1, content.size(), file.get()) == content.size();
  if (std::fclose(file.release()) != 0 || !written) throw base::system_error("write", fresh.string(), errno);
  fs::rename(fresh, manifest);
}

bool is_free_or_ours(const fs::path& path, const std::set<std::string>& targets) {
  fs::file_status status = fs::symlink_status(path);
  if (status.type() == fs::file_type::not_found) return true;
  return fs::is_symlink(status) && targets.contains(fs::read_symlink(path).string());
}

void refuse_foreign_files(const fs::path& folder, std::size_t count, const Targets& ours) {
  static const std::set<std::string> kNone;
  std::size_t end = ours.empty() ? count : std::max(count, ours.rbegin()->first + 1);
  for (std::size_t number = 0; number < end; ++number) {
    auto known = ours.find(number);
    if (number >= count && known == ours.end()) continue;
    for (const fs::path& path : {link_path(folder, number), new_link_path(folder, number)}) {
      if (is_free_or_ours(path, known == ours.end() ? kNone : known->second)) continue;
      throw Error(ErrorCode::kStorage,
                  path.string() + " is in the way: clipseek did not make it, or it was changed " +
                      "since, so it is not replaced; move it or choose another folder for the links");
    }
  }
}

void make_links(const fs::path& folder, const std::vector<fs::path>& targets) {
  for (std::size_t number = 0; number < targets.size(); ++number) {
    fs::path fresh = new_link_path(folder, number);
    fs::remove(fresh);
    fs::create_symlink(targets[number], fresh);
  }
  for (std::size_t number = 0; number < targets.size(); ++number) {
    fs::rename(new_link_path(folder, number), link_path(folder, number));
  }
}

void replace_links(const fs::path& folder, const std::vector<fs::path>& targets) {
  fs::create_directories(folder);
  FolderLock lock(folder);
  Targets old_links = read_manifest(folder);
  refuse_foreign_files(folder, targets.size(), old_links);
  Targets new_links;
  for (std::size_t number = 0; number < targets.size(); ++number) new_links[number] = {targets[number].string()};

  // While links are replaced, the manifest lists the old and the new targets, so that after an interruption every link
  // in the folder is still known to be clipseek's.
  Targets both = old_links;
  for (const auto& [number, paths] : new_links) both[number].insert(paths.begin(), paths.end());
  write_manifest(folder, both);
  make_links(folder, targets);
  for (const auto& [number, paths] : old_links) {
    fs::remove(new_link_path(folder, number));  // left by an interrupted call
    if (number >= targets.size()) fs::remove(link_path(folder, number));
  }
  write_manifest(folder, new_links);
}

}  // namespace

void replace_result_links(const fs::path& folder, const std::vector<fs::path>& targets) {
  try {
    replace_links(folder, targets);
  } catch (const fs::filesystem_error& error) {
    const fs::path& place = error.path1().empty() ? folder : error.path1();
    throw Error(ErrorCode::kStorage, "cannot create the links: " + place.string() + ": " + error.code().message());
  }
}

}  // namespace clipseek::catalog
