// SQLite's locks are POSIX record locks: a process loses all of them when it closes any descriptor of the file.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/store.h"
#include "store/testing/test_folder.h"

namespace clipseek::store {
namespace {

// Returns whether another process finds the file locked.
bool locked_for_others(const std::filesystem::path& file) {
  pid_t child = ::fork();
  if (child == 0) {
    struct flock lock {};
    lock.l_type = F_WRLCK;
    int descriptor = ::open(file.c_str(), O_RDWR);
    bool queried = descriptor >= 0 && ::fcntl(descriptor, F_GETLK, &lock) == 0;
    ::_exit(queried && lock.l_type != F_UNLCK ? 1 : 0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 1;
}

TEST(StoreLocks, OutliveOtherStoresOfTheSameProcess) {
  TestFolder folder;
  std::filesystem::path file = folder / "clip.db";
  Store writer(file, Access::kWrite);
  ASSERT_TRUE(locked_for_others(file));
  {
    Store reader(file, Access::kRead);
    Store other_writer(file, Access::kWrite);
    EXPECT_TRUE(locked_for_others(file));
  }
  EXPECT_TRUE(locked_for_others(file));
}

}  // namespace
}  // namespace clipseek::store
