#include "base/file_status.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <string>

#include "base/system_error.h"

namespace clipseek::base {
namespace {

namespace fs = std::filesystem;

TEST(FileTypeAt, DistinguishesAMissingFileFromAnInaccessibleOne) {
  EXPECT_EQ(file_type_at("."), fs::file_type::directory);
  EXPECT_EQ(file_type_at("none/at/all"), fs::file_type::not_found);
  EXPECT_EQ(file_type_at(""), fs::file_type::not_found);
  EXPECT_THROW(file_type_at(std::string(10'000, 'a')), Error);
}

TEST(SystemError, FromTheStandardLibraryNamesThePathAndTheReason) {
  std::error_code denied(EACCES, std::generic_category());
  Error error = system_error(fs::filesystem_error("status", "a/b.jpg", denied));
  EXPECT_EQ(error.code(), ErrorCode::kUnreadable);
  EXPECT_STREQ(error.what(), "cannot access a/b.jpg: Permission denied");
  EXPECT_STREQ(system_error(fs::filesystem_error("current_path", denied)).what(),
               "cannot find the current folder: Permission denied");
}

}  // namespace
}  // namespace clipseek::base
