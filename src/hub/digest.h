// The checksums that the hub publishes for its files.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace clipseek::hub {

struct Digest {
  enum class Algorithm {
    kSha256,   // for a file in Git LFS, as every large file is
    kGitSha1,  // for a file in git itself: SHA-1 of "blob <size>\0" and the content
  };
  Algorithm algorithm = Algorithm::kSha256;
  std::string hex;  // lower case; also the name of the file in the cache's blobs folder

  bool operator==(const Digest&) const = default;
};

// Parses 64 (SHA-256) or 40 (git) hex digits; std::nullopt for any other text.
std::optional<Digest> parse_digest(std::string_view hex);

// Computes the digest of a file's content. `proceed`, where it is not empty, is called every few megabytes; where it
// returns false, the function throws Error kCancelled. Also throws Error: kNotFound, kUnreadable.
Digest digest_of_file(const std::filesystem::path& path, Digest::Algorithm algorithm,
                      const std::function<bool()>& proceed = nullptr);

}  // namespace clipseek::hub
