// SHA-1 and SHA-256 (FIPS 180-4), computed by OpenSSL's libcrypto, which only hasher.cpp includes.
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
  // Returns the digest of all bytes that were added, in lower-case hex digits. The object must not be used afterwards.
  std::string hex();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace clipseek::base
