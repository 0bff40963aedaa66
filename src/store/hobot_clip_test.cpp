// Databases shared with hobot_clip. tools/make_hobot_clip_db.py created tests/data/hobot_clip.db with Python's sqlite3.
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <gtest/gtest.h>

#include <cstring>

#include "base/mapped_file.h"
#include "clipseek/error.h"
#include "store/store.h"
#include "store/testing/test_folder.h"

namespace clipseek::store {
namespace {

class HobotClipTest : public testing::Test {
 protected:
  HobotClipTest() {
    std::filesystem::copy_file(std::filesystem::path(CLIPSEEK_SOURCE_DIR) / "tests/data/hobot_clip.db", file_);
  }
  // Rows as hobot_clip reads them.
  std::vector<std::string> rows() {
    SQLite::Database database(file_.string(), SQLite::OPEN_READWRITE);
    SQLite::Statement query(database,
                            "SELECT id, timestamp, type, name, text, url, feature, extra FROM ClipItems ORDER BY id");
    std::vector<std::string> rows;
    while (query.executeStep()) {
      std::string row;
      for (int i = 0; i < 8; ++i) row += query.getColumn(i).getString() + '|';
      rows.push_back(row);
    }
    return rows;
  }

  TestFolder folder_;
  std::filesystem::path file_ = folder_ / "clip.db";
};

TEST_F(HobotClipTest, ReadingCountsItsRowsAsOfUnknownModelAndChangesNothing) {
  std::string before = base::read_text_file(file_, 1 << 20);
  {
    Store store(file_, Access::kRead);
    auto counts = store.count_by_model();
    ASSERT_EQ(counts.size(), 1U);
    EXPECT_EQ(counts[0].items, 3U);
    EXPECT_TRUE(counts[0].model.fingerprint.empty());
    EXPECT_FALSE(store.find_model({"f", "model", 512}));
    EXPECT_EQ(store.count_failures(), 0U);
  }
  EXPECT_EQ(base::read_text_file(file_, 1 << 20), before);
}

TEST_F(HobotClipTest, MigrationKeepsEveryRow) {
  auto before = rows();
  ASSERT_EQ(before.size(), 3U);
  {
    Store store(file_, Access::kWrite);
    ASSERT_EQ(store.count_by_model().size(), 1U);
    EXPECT_EQ(store.count_by_model()[0].items, 3U);
    EXPECT_TRUE(store.count_by_model()[0].model.fingerprint.empty());
    std::int64_t model = store.add_model({"f", "model", 512});
    store.for_each_vector(model, [](std::int64_t, std::span<const std::byte>) { FAIL() << "of unknown model"; });
  }
  EXPECT_EQ(rows(), before);
  { Store again(file_, Access::kWrite); }
  EXPECT_EQ(rows(), before);
}

TEST_F(HobotClipTest, EncodingAPathAgainUpdatesItsRow) {
  Store store(file_, Access::kWrite);
  std::int64_t model = store.add_model({"f", "model", 2});
  store.write([&] {
    EXPECT_EQ(store.put_item({"/userdata/config/dog.jpg", {1, 2, 3}, "h", 4, 5, {1, 0}}, model), PutResult::kUpdated);
  });
  std::vector<std::int64_t> ids;
  store.for_each_vector(model, [&](std::int64_t id, std::span<const std::byte>) { ids.push_back(id); });
  EXPECT_EQ(ids, std::vector<std::int64_t>{2});
  auto counts = store.count_by_model();
  ASSERT_EQ(counts.size(), 2U);
  EXPECT_EQ(counts[0].items, 2U) << "of unknown model";
  EXPECT_EQ(counts[1].items, 1U);
}

TEST_F(HobotClipTest, CanStillWriteIntoAMigratedDatabase) {
  { Store store(file_, Access::kWrite); }
  SQLite::Database(file_.string(), SQLite::OPEN_READWRITE)
      .exec(
          "INSERT INTO ClipItems(timestamp, type, name, text, url, feature, extra) "
          "VALUES (1, 1, 'n', '', '/new.jpg', x'0000803f', '')");
  Store store(file_, Access::kRead);
  EXPECT_EQ(store.count_by_model().at(0).items, 4U);
}

// hobot_clip's columns have the same meaning in rows that clipseek writes.
TEST_F(HobotClipTest, CanReadWhatClipseekWrites) {
  {
    Store store(file_, Access::kWrite);
    std::int64_t model = store.add_model({"f", "model", 2});
    store.write([&] { store.put_item({"/p/new.jpg", {1, 2, 1'700'000'000'123}, "h", 4, 5, {1, 0.5F}}, model); });
  }
  std::string expected = "4|1700000000123|1|new.jpg||/p/new.jpg|";
  expected += std::string("\0\0\x80\x3f\0\0\0\x3f", 8) + "||";
  EXPECT_EQ(rows().at(3), expected);
}

TEST_F(HobotClipTest, DamagedTableIsRefused) {
  SQLite::Database(file_.string(), SQLite::OPEN_READWRITE).exec("ALTER TABLE ClipItems DROP COLUMN feature");
  EXPECT_THROW(Store(file_, Access::kWrite), Error);
}

}  // namespace
}  // namespace clipseek::store
