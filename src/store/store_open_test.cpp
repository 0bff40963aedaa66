// Opening existing, missing, damaged and inaccessible database files.
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <thread>

#include "base/mapped_file.h"
#include "clipseek/error.h"
#include "store/store.h"
#include "store/testing/test_folder.h"

namespace clipseek::store {
namespace {

namespace fs = std::filesystem;

class StoreOpenTest : public testing::Test {
 protected:
  StoreOpenTest() { fs::permissions(folder_.path(), fs::perms(0777)); }

  // Returns the code of the Error that opening must throw; its message must name the file.
  ErrorCode open_error(Access access, const fs::path& file) {
    try {
      Store store(file, access);
      ADD_FAILURE() << "opened";
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find(file.string()), std::string::npos) << error.what();
      message_ = error.what();
      return error.code();
    }
    return ErrorCode::kInternal;
  }
  void make_database(int items = 1) {
    Store store(file_, Access::kWrite);
    std::int64_t model = store.add_model({"f", "model", 1});
    store.write([&] {
      for (int i = 0; i < items; ++i) {
        store.put_item({"/picture" + std::to_string(i) + ".jpg", {}, "h", 1, 1, {1}}, model);
      }
    });
  }
  static std::size_t count(Store& store) {
    std::size_t items = 0;
    for (const ModelCount& one : store.count_by_model()) items += one.items;
    return items;
  }

  TestFolder folder_;
  fs::path file_ = folder_ / "clip.db";
  std::string message_;
};

TEST_F(StoreOpenTest, ReadingNeverCreates) {
  EXPECT_EQ(open_error(Access::kRead, file_), ErrorCode::kNotFound);
  EXPECT_NE(message_.find("clipseek index"), std::string::npos);
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

TEST_F(StoreOpenTest, WritingNeedsTheFolder) {
  EXPECT_EQ(open_error(Access::kWrite, folder_ / "none/clip.db"), ErrorCode::kNotFound);
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

TEST_F(StoreOpenTest, RefusesAFileThatIsNotADatabase) {
  folder_.write("clip.db", std::string(5000, 'x'));
  EXPECT_EQ(open_error(Access::kRead, file_), ErrorCode::kCorrupt);
  EXPECT_EQ(open_error(Access::kWrite, file_), ErrorCode::kCorrupt);
  EXPECT_EQ(base::read_text_file(file_, 10'000), std::string(5000, 'x'));
  EXPECT_EQ(open_error(Access::kRead, folder_.path()), ErrorCode::kCorrupt);
  ASSERT_EQ(mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(open_error(Access::kRead, folder_ / "pipe"), ErrorCode::kCorrupt);
}

TEST_F(StoreOpenTest, RefusesAFileOfOneByte) {
  folder_.write("clip.db", "x");
  EXPECT_EQ(open_error(Access::kRead, file_), ErrorCode::kCorrupt);
  EXPECT_EQ(open_error(Access::kWrite, file_), ErrorCode::kCorrupt);
  EXPECT_EQ(base::read_text_file(file_, 10), "x");
}

// Locks belong to a process, and closing any descriptor of a file releases them: another process that closes the
// database would then believe that it is the last, and delete the log that is in use here.
TEST_F(StoreOpenTest, ASecondConnectionKeepsTheLocksOfTheFirst) {
  make_database();
  int start[2];
  ASSERT_EQ(pipe(start), 0);
  pid_t other = fork();  // before this process opens the database: connections do not survive a fork
  if (other == 0) {
    close(start[1]);
    char byte = 0;
    bool started = read(start[0], &byte, 1) == 1;
    if (started) Store(file_, Access::kWrite).count_failures();
    _exit(started ? 0 : 1);
  }
  Store writer(file_, Access::kWrite);
  writer.write([&] { writer.put_item({"/second.jpg", {}, "h", 1, 1, {1}}, 1); });
  { Store reader(file_, Access::kRead); }
  ASSERT_EQ(write(start[1], "x", 1), 1);
  int status = 0;
  waitpid(other, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(fs::exists(folder_ / "clip.db-wal"));
  writer.write([&] { writer.put_item({"/third.jpg", {}, "h", 1, 1, {1}}, 1); });
  EXPECT_EQ(count(*std::make_unique<Store>(file_, Access::kRead)), 3U);
}

TEST_F(StoreOpenTest, RefusesATruncatedDatabase) {
  make_database(1000);
  fs::resize_file(file_, fs::file_size(file_) / 2);
  try {
    Store store(file_, Access::kRead);
    store.for_each_vector(1, [](std::int64_t, std::span<const std::byte>) {});
    FAIL() << "read";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCorrupt);
  }
}

TEST_F(StoreOpenTest, RefusesAnotherProgramsDatabase) {
  SQLite::Database(file_.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
      .exec("CREATE TABLE Bookmarks(id INTEGER); PRAGMA user_version = 1");
  std::string before = base::read_text_file(file_, 1 << 20);
  EXPECT_EQ(open_error(Access::kRead, file_), ErrorCode::kCorrupt);
  EXPECT_EQ(open_error(Access::kWrite, file_), ErrorCode::kCorrupt);
  EXPECT_EQ(base::read_text_file(file_, 1 << 20), before);
}

TEST_F(StoreOpenTest, RefusesANewerSchemaAndChangesNothing) {
  make_database();
  SQLite::Database(file_.string(), SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 99");
  std::string before = base::read_text_file(file_, 1 << 20);
  EXPECT_EQ(open_error(Access::kRead, file_), ErrorCode::kUnsupported);
  EXPECT_EQ(open_error(Access::kWrite, file_), ErrorCode::kUnsupported);
  EXPECT_NE(message_.find("99"), std::string::npos);
  EXPECT_EQ(base::read_text_file(file_, 1 << 20), before);
}

TEST_F(StoreOpenTest, TreatsAnEmptyFileAsAnEmptyDatabase) {
  folder_.write("clip.db", "");
  Store store(file_, Access::kRead);
  EXPECT_EQ(count(store), 0U);
  EXPECT_FALSE(store.find_model({"f", "model", 1}));
  EXPECT_TRUE(store.stale()) << "it may become a database at any time";
}

TEST_F(StoreOpenTest, LeavesNoFilesBesideTheDatabase) {
  make_database();
  { EXPECT_EQ(count(*std::make_unique<Store>(file_, Access::kRead)), 1U); }
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()), 1);
}

TEST_F(StoreOpenTest, OpensNamesThatSqliteWouldReadAsUris) {
  file_ = folder_ / "a?b#c%20 \xff.db";
  make_database();
  EXPECT_TRUE(fs::exists(file_));
  fs::permissions(folder_.path(), fs::perms(0555));
  WithoutPrivileges guard;
  Store store(file_, Access::kRead);
  EXPECT_EQ(count(store), 1U);
}

TEST_F(StoreOpenTest, ReadsInAReadOnlyFolder) {
  make_database();
  fs::permissions(folder_.path(), fs::perms(0555));
  WithoutPrivileges guard;
  {
    Store store(file_, Access::kRead);
    EXPECT_EQ(count(store), 1U);
    EXPECT_FALSE(store.stale());
  }
  EXPECT_EQ(open_error(Access::kWrite, file_), ErrorCode::kStorage);
}

TEST_F(StoreOpenTest, DetectsAWriterThatTheReaderCannotLockOut) {
  make_database();
  fs::permissions(folder_.path(), fs::perms(0555));
  auto guard = std::make_unique<WithoutPrivileges>();
  Store reader(file_, Access::kRead);
  guard.reset();
  fs::permissions(folder_.path(), fs::perms(0777));
  Store writer(file_, Access::kWrite);
  writer.write([&] { writer.remove_path("/picture0.jpg"); });
  EXPECT_TRUE(reader.stale());
}

TEST_F(StoreOpenTest, ReadsAReadOnlyFileAndLeavesNothingBeside) {
  make_database();
  fs::permissions(file_, fs::perms(0444));
  WithoutPrivileges guard;
  {
    Store store(file_, Access::kRead);
    EXPECT_EQ(count(store), 1U);
  }
  EXPECT_EQ(open_error(Access::kWrite, file_), ErrorCode::kStorage);
  EXPECT_FALSE(fs::exists(folder_ / "clip.db-shm"));
}

TEST_F(StoreOpenTest, ReadsWithoutWritePermissionWhileAWriterIsOpen) {
  make_database();
  Store writer(file_, Access::kWrite);
  writer.write([&] { writer.put_item({"/second.jpg", {}, "h", 1, 1, {1}}, 1); });
  fs::permissions(folder_.path(), fs::perms(0555));
  WithoutPrivileges guard;
  Store store(file_, Access::kRead);
  EXPECT_EQ(count(store), 2U) << "rows that are only in the log must be included";
}

// A copy of a database with its log, on a medium where nothing can be written: a reader of the file alone would miss
// the rows in the log.
TEST_F(StoreOpenTest, RefusesToIgnoreALogItCannotRead) {
  make_database();
  fs::create_directory(folder_ / "copy");
  {
    Store writer(file_, Access::kWrite);
    writer.write([&] { writer.put_item({"/second.jpg", {}, "h", 1, 1, {1}}, 1); });
    for (const char* name : {"clip.db", "clip.db-wal"}) fs::copy_file(folder_ / name, folder_ / "copy" / name);
  }
  fs::permissions(folder_ / "copy", fs::perms(0555));
  WithoutPrivileges guard;
  EXPECT_EQ(open_error(Access::kRead, folder_ / "copy/clip.db"), ErrorCode::kStorage);
}

TEST_F(StoreOpenTest, ReportsAFileThatMayNotBeRead) {
  make_database();
  fs::permissions(file_, fs::perms(0000));
  WithoutPrivileges guard;
  EXPECT_EQ(open_error(Access::kRead, file_), ErrorCode::kUnreadable);
}

TEST_F(StoreOpenTest, DetectsThatTheFileWasReplaced) {
  make_database();
  Store store(file_, Access::kRead);
  EXPECT_FALSE(store.stale());
  fs::rename(file_, folder_ / "aside.db");
  EXPECT_TRUE(store.stale());
  fs::remove(folder_ / "clip.db-wal");
  fs::remove(folder_ / "clip.db-shm");
  make_database(2);
  EXPECT_TRUE(store.stale());
}

TEST_F(StoreOpenTest, SeveralThreadsCanCreateItAtOnce) {
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      Store store(file_, Access::kWrite);
      std::int64_t model = store.add_model({"f", "model", 1});
      store.write([&] { store.put_item({std::to_string(i), {}, "h", 1, 1, {1}}, model); });
    });
  }
  threads.clear();
  Store store(file_, Access::kRead);
  EXPECT_EQ(count(store), 4U);
}

}  // namespace
}  // namespace clipseek::store
