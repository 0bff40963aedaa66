#include "clipseek/error.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <set>

#include "base/system_error.h"

namespace clipseek::base {
namespace {

TEST(Error, EveryCodeHasItsOwnNameAndRosCode) {
  std::set<std::string_view> names;
  std::set<int> ros_codes;
  for (int i = 0; i <= static_cast<int>(ErrorCode::kInternal); ++i) {
    const ErrorInfo& info = error_info(static_cast<ErrorCode>(i));
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_TRUE(ros_codes.insert(info.ros_error_code).second) << info.name;
    EXPECT_GT(info.ros_error_code, 0);
    EXPECT_GE(info.http_status, 400);
    EXPECT_TRUE(info.exit_status == 1 || info.exit_status == 2);
  }
}

TEST(Error, FromASystemCallNamesThePathAndTheReason) {
  Error missing = system_error("open", "a/b.jpg", ENOENT);
  EXPECT_EQ(missing.code(), ErrorCode::kNotFound);
  EXPECT_STREQ(missing.what(), "cannot open a/b.jpg: No such file or directory");
  EXPECT_EQ(system_error("write", "clip.db", ENOSPC).code(), ErrorCode::kStorage);
  EXPECT_EQ(system_error("open", "x", EACCES).code(), ErrorCode::kUnreadable);
}

}  // namespace
}  // namespace clipseek::base
