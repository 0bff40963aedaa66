#include "base/hasher.h"

#include <gtest/gtest.h>

namespace clipseek::base {
namespace {

// The example "abc" of FIPS 180-4 (csrc.nist.gov, "Examples with Intermediate Values"), in two pieces.
TEST(Hasher, ComputesThePublishedExamples) {
  Hasher sha1(Hasher::Algorithm::kSha1);
  sha1.add("ab", 2);
  sha1.add("c", 1);
  EXPECT_EQ(sha1.hex(), "a9993e364706816aba3e25717850c26c9cd0d89d");
  Hasher sha256(Hasher::Algorithm::kSha256);
  sha256.add("ab", 2);
  sha256.add("c", 1);
  EXPECT_EQ(sha256.hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace clipseek::base
