#include "base/hasher.h"

#include <openssl/evp.h>

#include "clipseek/error.h"

namespace clipseek::base {
namespace {

void require(bool done) {
  if (!done) throw Error(ErrorCode::kInternal, "libcrypto cannot compute a checksum");
}

}  // namespace

struct Hasher::Context {
  EVP_MD_CTX* value = EVP_MD_CTX_new();
  ~Context() { EVP_MD_CTX_free(value); }
};

Hasher::Hasher(Algorithm algorithm) : context_(std::make_unique<Context>()) {
  const EVP_MD* method = algorithm == Algorithm::kSha256 ? EVP_sha256() : EVP_sha1();
  require(context_->value != nullptr && EVP_DigestInit_ex(context_->value, method, nullptr) == 1);
}
Hasher::~Hasher() = default;

void Hasher::add(const void* data, std::size_t size) {
  require(EVP_DigestUpdate(context_->value, data, size) == 1);
}

std::string Hasher::hex() {
  static constexpr const char* kDigits = "0123456789abcdef";
  unsigned char bytes[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  require(EVP_DigestFinal_ex(context_->value, bytes, &size) == 1);
  std::string text;
  for (unsigned int i = 0; i < size; ++i) {
    text += kDigits[bytes[i] >> 4];
    text += kDigits[bytes[i] & 15];
  }
  return text;
}

}  // namespace clipseek::base
