#include "hub/digest.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "base/ascii.h"
#include "base/hasher.h"
#include "base/system_error.h"
#include "base/unique_fd.h"
#include "clipseek/error.h"

namespace clipseek::hub {
std::optional<Digest> parse_digest(std::string_view hex) {
  const std::string text = base::ascii_lower(hex);
  if (text.find_first_not_of("0123456789abcdef") != std::string::npos) return std::nullopt;
  if (text.size() == 64) return Digest{Digest::Algorithm::kSha256, text};
  if (text.size() == 40) return Digest{Digest::Algorithm::kGitSha1, text};
  return std::nullopt;
}

Digest digest_of_file(const std::filesystem::path& path, Digest::Algorithm algorithm,
                      const std::function<bool()>& proceed) {
  static constexpr std::size_t kChunk = std::size_t{4} << 20;
  base::UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0) throw base::system_error("open", path.string(), errno);
  base::Hasher hasher(algorithm == Digest::Algorithm::kSha256 ? base::Hasher::Algorithm::kSha256
                                                              : base::Hasher::Algorithm::kSha1);
  if (algorithm == Digest::Algorithm::kGitSha1) {
    std::string header = "blob " + std::to_string(status.st_size);
    hasher.add(header.c_str(), header.size() + 1);  // with its terminating zero
  }
  std::vector<char> chunk(kChunk);
  while (true) {
    ssize_t size = ::read(file.get(), chunk.data(), chunk.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) throw base::system_error("read", path.string(), errno);
    if (size == 0) return {algorithm, hasher.hex()};
    hasher.add(chunk.data(), static_cast<std::size_t>(size));
    if (proceed && !proceed()) throw Error(ErrorCode::kCancelled, "stopped while checking " + path.string());
  }
}

}  // namespace clipseek::hub
