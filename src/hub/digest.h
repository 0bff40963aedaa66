// The checksums that the hub states for its files.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace clipseek::hub {

struct Digest {
  enum class Kind {
    kSha256,   // of a file in Git LFS: every large one
    kGitSha1,  // of a file in git itself: SHA-1 of "blob <size>\0" and the content
  };
  Kind kind = Kind::kSha256;
  std::string hex;  // lower case; also the name of the file in the cache's blobs folder

  bool operator==(const Digest&) const = default;
};

// From 64 (SHA-256) or 40 (git) hex digits; nothing for any other text.
std::optional<Digest> parse_digest(std::string_view hex);

// The digest of that kind of a file's content. `proceed`, where given, is called after every few megabytes; false
// ends the work with Error kCancelled. Throws Error: kNotFound, kUnreadable.
Digest digest_of_file(const std::filesystem::path& path, Digest::Kind kind,
                      const std::function<bool()>& proceed = nullptr);

}  // namespace clipseek::hub
