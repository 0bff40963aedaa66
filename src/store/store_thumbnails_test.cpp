// Thumbnails that are stored with items, and the migration of a database that has none.
#include <SQLiteCpp/Database.h>
#include <gtest/gtest.h>

#include <limits>

#include "base/mapped_file.h"
#include "clipseek/error.h"
#include "store/store.h"
#include "store/testing/test_folder.h"

namespace clipseek::store {
namespace {

class StoreThumbnailsTest : public testing::Test {
 protected:
  // Stores an item with a thumbnail of `bytes` bytes.
  void put(const std::string& url, std::int64_t stored_ms, std::size_t bytes) {
    store_.write([&] {
      store_.put_item({url, {}, "", 1, 1, {1}}, model_);
      store_.put_thumbnail(url, model_, stored_ms, std::string(bytes, 'x'));
    });
  }
  std::int64_t id(const std::string& url) {
    SQLite::Database database(store_.file().string(), SQLite::OPEN_READONLY);
    return database.execAndGet("SELECT id FROM ClipItems WHERE url = '" + url + "'").getInt64();
  }
  // Runs a statement on a connection like hobot_clip's, which enforces no foreign keys.
  void execute(const std::string& sql) { SQLite::Database(store_.file().string(), SQLite::OPEN_READWRITE).exec(sql); }
  std::size_t trim(std::int64_t max_bytes, std::int64_t time_ms, std::size_t limit = 100) {
    std::size_t deleted = 0;
    store_.write([&] { deleted = store_.trim_thumbnails(max_bytes, time_ms, limit); });
    return deleted;
  }
  void expect_totals(std::int64_t count, std::int64_t bytes) {
    ThumbnailTotals totals = store_.thumbnail_totals();
    EXPECT_EQ(totals.count, count);
    EXPECT_EQ(totals.bytes, bytes);
  }

  TestFolder folder_;
  Store store_{folder_ / "clip.db", Access::kWrite};
  std::int64_t model_ = store_.add_model({"f", "model", 1});
};

constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();

TEST_F(StoreThumbnailsTest, KeepsAThumbnailWithItsItem) {
  put("ros:/a", 5, 100);
  EXPECT_EQ(store_.find_thumbnail(id("ros:/a")), std::string(100, 'x'));
  EXPECT_FALSE(store_.find_thumbnail(id("ros:/a") + 1));
  expect_totals(1, 100);
  put("ros:/a", 6, 30);  // the same picture again: its id stays
  EXPECT_EQ(store_.find_thumbnail(id("ros:/a")), std::string(30, 'x'));
  expect_totals(1, 30);
  put("ros:/a", 7, 0);  // without a thumbnail
  EXPECT_FALSE(store_.find_thumbnail(id("ros:/a")));
  expect_totals(0, 0);
}

TEST_F(StoreThumbnailsTest, IsDeletedWithItsItemByAnyProgram) {
  put("ros:/a", 1, 10);
  put("ros:/b", 2, 20);
  put("ros:/c", 3, 40);
  execute("DELETE FROM ClipItems WHERE url = 'ros:/b'");
  expect_totals(2, 50);
  store_.write([&] { EXPECT_TRUE(store_.remove_path("ros:/a")); });
  expect_totals(1, 40);
  execute("DELETE FROM ClipItems");
  expect_totals(0, 0);
}

TEST_F(StoreThumbnailsTest, TrimsTheOldestToASize) {
  for (int i = 0; i < 5; ++i) put("ros:/" + std::to_string(i), 1000 + i, 10);
  EXPECT_EQ(trim(50, 0), 0U);
  EXPECT_EQ(trim(29, 0), 3U);
  expect_totals(2, 20);
  EXPECT_FALSE(store_.find_thumbnail(id("ros:/2")));
  EXPECT_TRUE(store_.find_thumbnail(id("ros:/3")));
  EXPECT_EQ(store_.count_by_model().at(0).items, 5U) << "the items stay";
}

// A recording that is replayed stores the same urls again.
TEST_F(StoreThumbnailsTest, APictureThatIsStoredAgainIsTheNewest) {
  for (int i = 0; i < 3; ++i) put("ros:/" + std::to_string(i), 1000 + i, 10);
  put("ros:/0", 1003, 10);  // its id stays the lowest
  EXPECT_EQ(trim(20, 0), 1U);
  EXPECT_TRUE(store_.find_thumbnail(id("ros:/0")));
  EXPECT_FALSE(store_.find_thumbnail(id("ros:/1")));
  for (int i = 3; i < 6; ++i) put("ros:/" + std::to_string(i), 1003, 10);
  EXPECT_EQ(trim(20, 0), 3U);
  EXPECT_FALSE(store_.find_thumbnail(id("ros:/3"))) << "of those stored at one time, the lowest id goes first";
  EXPECT_TRUE(store_.find_thumbnail(id("ros:/4")));
}

TEST_F(StoreThumbnailsTest, TrimsByAge) {
  for (int i = 0; i < 5; ++i) put("ros:/" + std::to_string(i), 1000 + i, 10);
  EXPECT_TRUE(store_.has_thumbnail_before(1002));
  EXPECT_EQ(trim(kNoLimit, 1002), 2U);
  EXPECT_FALSE(store_.has_thumbnail_before(1002));
  EXPECT_TRUE(store_.find_thumbnail(id("ros:/2")));
  expect_totals(3, 30);
}

TEST_F(StoreThumbnailsTest, TrimsInBoundedSteps) {
  for (int i = 0; i < 10; ++i) put("ros:/" + std::to_string(i), 1000 + i, 10);
  EXPECT_EQ(trim(10, 1003, 4), 4U);  // three by age, one by size
  EXPECT_EQ(trim(10, 1003, 4), 4U);
  EXPECT_EQ(trim(10, 1003, 4), 1U);
  EXPECT_EQ(trim(10, 1003, 4), 0U);
  expect_totals(1, 10);
}

TEST_F(StoreThumbnailsTest, BelongsToTheTransactionOfItsItem) {
  EXPECT_THROW(store_.write([&] {
    store_.put_item({"ros:/a", {}, "", 1, 1, {1}}, model_);
    store_.put_thumbnail("ros:/a", model_, 1, "jpeg");
    throw Error(ErrorCode::kCancelled, "half way");
  }),
               Error);
  expect_totals(0, 0);
}

// The schema of clipseek 0.1.0, version 1, as that program creates it.
constexpr const char* kVersion1 = R"sql(
PRAGMA page_size = 16384;
CREATE TABLE IF NOT EXISTS ClipItems(id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp INTEGER, type BOOLEAN, name TEXT,
  text TEXT, url TEXT, feature BLOB, extra TEXT);
CREATE TABLE ClipModels(id INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
  dimension INTEGER NOT NULL);
ALTER TABLE ClipItems ADD COLUMN model_id INTEGER REFERENCES ClipModels(id);
ALTER TABLE ClipItems ADD COLUMN content_hash TEXT;
ALTER TABLE ClipItems ADD COLUMN size INTEGER;
ALTER TABLE ClipItems ADD COLUMN mtime_ns INTEGER;
ALTER TABLE ClipItems ADD COLUMN width INTEGER;
ALTER TABLE ClipItems ADD COLUMN height INTEGER;
CREATE UNIQUE INDEX ClipItemsByUrl ON ClipItems(url, model_id);
CREATE INDEX ClipItemsByContent ON ClipItems(model_id, content_hash);
CREATE TABLE ClipFailures(path TEXT PRIMARY KEY, timestamp INTEGER NOT NULL, size INTEGER NOT NULL,
  mtime_ns INTEGER NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL) WITHOUT ROWID;
PRAGMA user_version = 1;
INSERT INTO ClipModels VALUES (1, 'f', 'model', 1);
INSERT INTO ClipItems(timestamp, type, name, text, url, feature, extra, model_id, content_hash, size, mtime_ns, width,
  height) VALUES (1700000000000, 1, 'a', '', 'ros:/a', x'0000803f', 'stamp=1', 1, '', 0, 2000000, 640, 480);
)sql";

class Version1Test : public testing::Test {
 protected:
  Version1Test() { SQLite::Database(file_.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(kVersion1); }

  TestFolder folder_;
  std::filesystem::path file_ = folder_ / "clip.db";
};

TEST_F(Version1Test, IsReadWithoutAChange) {
  std::string before = base::read_text_file(file_, 1 << 20);
  {
    Store store(file_, Access::kRead);
    EXPECT_FALSE(store.stale());
    EXPECT_EQ(store.find_model({"f", "model", 1}), 1);
    EXPECT_EQ(store.find_item(1)->url, "ros:/a");
    EXPECT_FALSE(store.find_thumbnail(1));
    EXPECT_FALSE(store.has_thumbnail_before(kNoLimit));
    EXPECT_EQ(store.thumbnail_totals().count, 0);
  }
  EXPECT_EQ(base::read_text_file(file_, 1 << 20), before);
}

TEST_F(Version1Test, IsMigratedForWritingWhileAReaderIsOpen) {
  Store reader(file_, Access::kRead);
  EXPECT_FALSE(reader.find_thumbnail(1));
  Store writer(file_, Access::kWrite);
  writer.write([&] { writer.put_thumbnail("ros:/a", 1, 5, "jpeg"); });
  EXPECT_EQ(reader.find_thumbnail(1), "jpeg");
  EXPECT_EQ(reader.find_item(1)->width, 640);
  EXPECT_EQ(reader.read_feature(1, 1), std::vector<float>{1});
  SQLite::Database database(file_.string(), SQLite::OPEN_READONLY);
  EXPECT_EQ(database.execAndGet("PRAGMA user_version").getInt(), 2);
}

}  // namespace
}  // namespace clipseek::store
