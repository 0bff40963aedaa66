// SHA-1 and SHA-256 (FIPS 180-4) by OpenSSL's libcrypto, which stays inside hasher.cpp.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

namespace clipseek::base {

class Hasher {
 public:
  enum class Algorithm { kSha1, kSha256 };

  explicit Hasher(Algorithm algorithm);
  ~Hasher();

  void add(const void* data, std::size_t size);
  // The digest of all that was added, in lower-case hex digits. Nothing may be added afterwards.
  std::string hex();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace clipseek::base
