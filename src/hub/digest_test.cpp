#include "hub/digest.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "clipseek/error.h"

namespace clipseek::hub {
namespace {

class DigestTest : public testing::Test {
 protected:
  DigestTest() : path_(testing::TempDir() + "clipseek_digest_" + std::to_string(::getpid())) {
    std::ofstream(path_) << "hello\n";
  }
  ~DigestTest() override { std::filesystem::remove(path_); }
  std::filesystem::path path_;
};

// Values from `sha256sum` and `git hash-object` of the same file.
TEST_F(DigestTest, IsWhatGitAndSha256sumCompute) {
  EXPECT_EQ(digest_of_file(path_, Digest::Algorithm::kSha256).hex,
            "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03");
  EXPECT_EQ(digest_of_file(path_, Digest::Algorithm::kGitSha1).hex, "ce013625030ba8dba906f756967f9e9ca394464a");
}

TEST_F(DigestTest, OfAMissingFileOrAFolder) {
  EXPECT_THROW(digest_of_file(path_.string() + ".none", Digest::Algorithm::kSha256), Error);
  EXPECT_THROW(digest_of_file(testing::TempDir(), Digest::Algorithm::kSha256), Error);
}

TEST_F(DigestTest, StopsOnRequest) {
  try {
    digest_of_file(path_, Digest::Algorithm::kSha256, [] { return false; });
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCancelled);
  }
}

TEST(ParseDigest, FindsTheAlgorithmByTheLength) {
  EXPECT_EQ(parse_digest(std::string(64, 'A'))->hex, std::string(64, 'a'));
  EXPECT_EQ(parse_digest(std::string(40, '0'))->algorithm, Digest::Algorithm::kGitSha1);
  for (std::size_t length : {0U, 39U, 41U, 63U, 65U}) EXPECT_FALSE(parse_digest(std::string(length, 'a')));
  EXPECT_FALSE(parse_digest(std::string(38, 'a') + "/."));
}

}  // namespace
}  // namespace clipseek::hub
