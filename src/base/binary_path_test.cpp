#include "base/binary_path.h"

#include <gtest/gtest.h>

namespace clipseek::base {
namespace {

// tests/packaging/library_test.py checks the result in a program that uses the shared library.
TEST(BinaryPath, IsTheProgramWhereTheCodeIsLinkedIntoIt) {
  EXPECT_EQ(binary_path(), std::filesystem::canonical("/proc/self/exe"));
}

}  // namespace
}  // namespace clipseek::base
