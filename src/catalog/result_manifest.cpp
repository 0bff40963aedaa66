#include "catalog/result_manifest.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <memory>

#include "base/mapped_file.h"
#include "base/system_error.h"
#include "clipseek/catalog.h"
#include "clipseek/error.h"

namespace clipseek::catalog {
namespace {

namespace fs = std::filesystem;

// Version 1 has only links. It is still written for a folder of links, so that an older clipseek can replace them.
constexpr std::string_view kLinksOnly = "clipseek links 1\n";
constexpr std::string_view kWithFiles = "clipseek links 2\n";
constexpr std::size_t kMaxManifestBytes = 1U << 28;

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

std::size_t number_of(std::string_view name, const fs::path& manifest) {
  std::size_t number = 0;
  std::from_chars(name.data(), name.data() + name.size(), number);
  if (name != result_name(number))
    throw Error(ErrorCode::kCorrupt, manifest.string() + ": not the name of a result link");
  return number;
}

bool has_files(const ResultEntries& entries) {
  return std::ranges::any_of(entries, [](const auto& one) {
    return std::ranges::any_of(one.second, [](const ResultEntry& entry) { return !entry.content_hash.empty(); });
  });
}

}  // namespace

std::string result_name(std::size_t number) {
  return std::to_string(number) + ".jpg";
}

ResultEntries read_result_manifest(const fs::path& folder) {
  fs::path manifest = folder / kManifestName;
  if (fs::symlink_status(manifest).type() == fs::file_type::not_found) return {};
  std::string content = base::read_text_file(manifest, kMaxManifestBytes);
  std::string_view text = content;
  bool files = text.starts_with(kWithFiles);
  if (!files && !text.starts_with(kLinksOnly)) {
    throw Error(ErrorCode::kCorrupt, manifest.string() + ": not a manifest of clipseek");
  }
  text.remove_prefix(kLinksOnly.size());
  ResultEntries entries;
  while (!text.empty()) {
    std::size_t number = number_of(take_field(text, manifest), manifest);
    ResultEntry entry{std::string(take_field(text, manifest))};
    if (files) entry.content_hash = take_field(text, manifest);
    entries[number].insert(std::move(entry));
  }
  return entries;
}

void write_result_manifest(const fs::path& folder, const ResultEntries& entries) {
  bool files = has_files(entries);
  std::string content(files ? kWithFiles : kLinksOnly);
  for (const auto& [number, alternatives] : entries) {
    for (const ResultEntry& entry : alternatives) {
      content += result_name(number) + '\0' + entry.target + '\0';
      if (files) content += entry.content_hash + '\0';
    }
  }
  replace_result_file(folder / kManifestName, std::string(kManifestName) + ".new", content);
}

void replace_result_file(const fs::path& file, std::string_view temporary, std::string_view content) {
  fs::path fresh = file.parent_path() / temporary;
  fs::remove(fresh);
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> out(std::fopen(fresh.c_str(), "wxe"), std::fclose);
  if (!out) throw base::system_error("write", fresh.string(), errno);
  bool written = std::fwrite(content.data(), 1, content.size(), out.get()) == content.size();
  if (std::fclose(out.release()) != 0 || !written) throw base::system_error("write", fresh.string(), errno);
  fs::rename(fresh, file);
}

const ResultEntry* matching_entry(const fs::path& path, const std::set<ResultEntry>& entries) {
  fs::file_status status = fs::symlink_status(path);
  ResultEntry wanted;
  if (fs::is_symlink(status)) {
    wanted.target = fs::read_symlink(path).string();
  } else if (fs::is_regular_file(status) && fs::file_size(path) <= kMaxThumbnailBytes) {
    wanted.content_hash = base::content_hash(base::read_file(path, kMaxThumbnailBytes));
  } else {
    return nullptr;
  }
  bool link = wanted.content_hash.empty();
  auto found = std::ranges::find_if(entries, [&](const ResultEntry& entry) {
    return entry.content_hash == wanted.content_hash && (!link || entry.target == wanted.target);
  });
  return found == entries.end() ? nullptr : &*found;
}

}  // namespace clipseek::catalog
