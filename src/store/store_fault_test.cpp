// A Store on a full disk or with a locked database.
#include <SQLiteCpp/Database.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <future>

#include "clipseek/error.h"
#include "store/store.h"
#include "store/testing/test_folder.h"

namespace clipseek::store {
namespace {

// Limits the size of every file that this process writes: writes fail as on a full disk, with EFBIG instead of ENOSPC.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &before_); }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
};

class StoreFaultTest : public testing::Test {
 protected:
  std::size_t count() {
    Store store(file_, Access::kRead);
    std::size_t items = 0;
    for (const ModelCount& one : store.count_by_model()) items += one.items;
    return items;
  }
  void put_batch(Store& store, int batch) {
    store.write([&] {
      for (int i = 0; i < 100; ++i) {
        std::string url = "/" + std::to_string(batch) + "/" + std::to_string(i);
        store.put_item({url, {}, url, 1, 1, std::vector<float>(512, 1.0F)}, 1);
      }
    });
  }

  TestFolder folder_;
  std::filesystem::path file_ = folder_ / "clip.db";
};

TEST_F(StoreFaultTest, AFullDiskLosesOnlyTheLastWrite) {
  std::size_t stored = 0;
  {
    Store store(file_, Access::kWrite);
    store.add_model({"f", "model", 512});
    FileSizeLimit limit(4 << 20);
    try {
      for (int batch = 0; batch < 100; ++batch) {
        put_batch(store, batch);
        stored += 100;
      }
      FAIL() << "wrote 20 MB into 4";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kStorage) << error.what();
      EXPECT_NE(std::string(error.what()).find(file_.string()), std::string::npos) << error.what();
    }
    EXPECT_GT(stored, 0U);
    EXPECT_EQ(count(), stored) << "with the disk still full";
  }
  EXPECT_EQ(count(), stored);
  SQLite::Database database(file_.string());
  EXPECT_EQ(database.execAndGet("PRAGMA integrity_check").getString(), "ok");
  Store store(file_, Access::kWrite);
  put_batch(store, 1000);
  EXPECT_EQ(count(), stored + 100) << "the disk has space again";
}

TEST_F(StoreFaultTest, CannotBeCreatedOnAFullDisk) {
  FileSizeLimit limit(0);
  try {
    Store store(file_, Access::kWrite);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kStorage) << error.what();
  }
}

TEST_F(StoreFaultTest, ASearchWorksOnAFullDisk) {
  { Store(file_, Access::kWrite).add_model({"f", "model", 512}); }
  FileSizeLimit limit(0);
  EXPECT_EQ(count(), 0U);
}

TEST_F(StoreFaultTest, WaitsForAnotherWriter) {
  Store store(file_, Access::kWrite);
  SQLite::Database other(file_.string(), SQLite::OPEN_READWRITE);
  other.exec("BEGIN IMMEDIATE");
  auto writing = std::async(std::launch::async, [&] { store.add_model({"f", "model", 512}); });
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  other.exec("COMMIT");
  EXPECT_NO_THROW(writing.get());
}

TEST_F(StoreFaultTest, GivesUpOnALockThatIsNotReleased) {
  Store store(file_, Access::kWrite);
  SQLite::Database other(file_.string(), SQLite::OPEN_READWRITE);
  other.exec("BEGIN IMMEDIATE");
  try {
    store.add_model({"f", "model", 512});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kStorage);
    EXPECT_NE(std::string(error.what()).find("locked by another process"), std::string::npos) << error.what();
  }
  EXPECT_EQ(count(), 0U) << "reading needs no lock";
}

}  // namespace
}  // namespace clipseek::store
