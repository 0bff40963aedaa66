#include "hub/digest.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <vector>

#include "base/error.h"
#include "hub/unique_descriptor.h"

namespace clipseek {
namespace {

class Hasher {
 public:
  explicit Hasher(Digest::Kind kind) : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    const EVP_MD* method = kind == Digest::Kind::kSha256 ? EVP_sha256() : EVP_sha1();
    require(context_ != nullptr && EVP_DigestInit_ex(context_.get(), method, nullptr) == 1);
  }
  void add(const void* data, std::size_t size) { require(EVP_DigestUpdate(context_.get(), data, size) == 1); }
  std::string hex() {
    static constexpr const char* kDigits = "0123456789abcdef";
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    require(EVP_DigestFinal_ex(context_.get(), bytes, &size) == 1);
    std::string text;
    for (unsigned int i = 0; i < size; ++i) {
      text += kDigits[bytes[i] >> 4];
      text += kDigits[bytes[i] & 15];
    }
    return text;
  }

 private:
  static void require(bool done) {
    if (!done) throw Error(ErrorCode::kInternal, "libcrypto refuses to compute a checksum");
  }
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context_;
};

}  // namespace

std::optional<Digest> parse_digest(std::string_view hex) {
  std::string text(hex);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
  if (text.find_first_not_of("0123456789abcdef") != std::string::npos) return std::nullopt;
  if (text.size() == 64) return Digest{Digest::Kind::kSha256, text};
  if (text.size() == 40) return Digest{Digest::Kind::kGitSha1, text};
  return std::nullopt;
}

Digest digest_of_file(const std::filesystem::path& path, Digest::Kind kind, const std::function<bool()>& proceed) {
  static constexpr std::size_t kChunk = std::size_t{4} << 20;
  UniqueDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0) throw system_error("open", path.string(), errno);
  Hasher hasher(kind);
  if (kind == Digest::Kind::kGitSha1) {
    std::string header = "blob " + std::to_string(status.st_size);
    hasher.add(header.c_str(), header.size() + 1);  // with its zero
  }
  std::vector<char> chunk(kChunk);
  while (true) {
    ssize_t size = ::read(file.get(), chunk.data(), chunk.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) throw system_error("read", path.string(), errno);
    if (size == 0) return {kind, hasher.hex()};
    hasher.add(chunk.data(), static_cast<std::size_t>(size));
    if (proceed && !proceed()) throw Error(ErrorCode::kCancelled, "stopped while checking " + path.string());
  }
}

}  // namespace clipseek
