// The manifest of a result folder, .clipseek-links: which links and files in the folder clipseek made.
// docs/formats.md, "Result folders", describes the format. Internal to catalog/.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

namespace clipseek::catalog {

inline constexpr std::string_view kManifestName = ".clipseek-links";

// A link to `target`, or, if `content_hash` is not empty, a file with that content: the thumbnail of `target`.
struct ResultEntry {
  std::string target;
  std::string content_hash{};

  friend bool operator<(const ResultEntry& a, const ResultEntry& b) {
    return std::tie(a.target, a.content_hash) < std::tie(b.target, b.content_hash);
  }
};
// By number: 3 for 3.jpg. A name has two entries only while it is being replaced.
using ResultEntries = std::map<std::size_t, std::set<ResultEntry>>;

std::string result_name(std::size_t number);

// Returns an empty map if the folder has no manifest. Throws Error kCorrupt if the file is not a valid manifest.
ResultEntries read_result_manifest(const std::filesystem::path& folder);
void write_result_manifest(const std::filesystem::path& folder, const ResultEntries& entries);

// Replaces `file` by one with `content`, through the name `temporary` in the same folder, which only clipseek uses.
void replace_result_file(const std::filesystem::path& file, std::string_view temporary, std::string_view content);

// Returns the entry that `path` is: a link that still has its target, or a file that still has its content. Returns a
// null pointer if it is none of them.
const ResultEntry* matching_entry(const std::filesystem::path& path, const std::set<ResultEntry>& entries);

}  // namespace clipseek::catalog
