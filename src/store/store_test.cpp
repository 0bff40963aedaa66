#include "store/store.h"

#include <SQLiteCpp/Database.h>
#include <gtest/gtest.h>

#include <cstring>

#include "clipseek/error.h"
#include "store/testing/test_folder.h"

namespace clipseek::store {
namespace {

class StoreTest : public testing::Test {
 protected:
  static NewItem item(const std::string& url, float first = 0.5F) {
    return {url, {100, 2'000'000'000, 1'700'000'000'000}, "hash of " + url, 640, 480, {first, 0.25F}};
  }
  PutResult put(const NewItem& item) { return put(item, model_); }
  PutResult put(const NewItem& item, std::int64_t model) {
    PutResult result{};
    store_.write([&] { result = store_.put_item(item, model); });
    return result;
  }
  std::vector<std::pair<std::int64_t, std::vector<float>>> vectors(std::int64_t model) {
    std::vector<std::pair<std::int64_t, std::vector<float>>> rows;
    store_.for_each_vector(model, [&](std::int64_t id, std::span<const std::byte> feature) {
      rows.emplace_back(id, std::vector<float>(feature.size() / sizeof(float)));
      if (!feature.empty()) std::memcpy(rows.back().second.data(), feature.data(), feature.size());
    });
    return rows;
  }

  TestFolder folder_;
  Store store_{folder_ / "clip.db", Access::kWrite};
  std::int64_t model_ = store_.add_model({"f1", "first", 2});
};

TEST_F(StoreTest, KeepsAnItemAsItWasPut) {
  EXPECT_EQ(put(item("/a/b.jpg")), PutResult::kAdded);
  auto file = store_.find_file("/a/b.jpg", model_);
  ASSERT_TRUE(file);
  EXPECT_EQ(file->state.size, 100);
  EXPECT_EQ(file->state.mtime_ns, 2'000'000'000);
  EXPECT_EQ(file->state.read_ms, 1'700'000'000'000);
  EXPECT_EQ(file->content_hash, "hash of /a/b.jpg");
  EXPECT_TRUE(file->intact);
  auto rows = vectors(model_);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].second, (std::vector<float>{0.5F, 0.25F}));
  EXPECT_EQ(store_.read_feature(rows[0].first, model_), (std::vector<float>{0.5F, 0.25F}));
  EXPECT_TRUE(store_.read_feature(rows[0].first, model_ + 1).empty());
  auto stored = store_.find_item(rows[0].first);
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->url, "/a/b.jpg");
  EXPECT_EQ(stored->width, 640);
  EXPECT_EQ(stored->height, 480);
  EXPECT_FALSE(store_.find_item(rows[0].first + 1));
  EXPECT_FALSE(store_.find_file("/a/b.jp", model_));
}

TEST_F(StoreTest, UpdatesAnItemInPlace) {
  put(item("/a.jpg"));
  std::int64_t id = vectors(model_).at(0).first;
  EXPECT_EQ(put(item("/a.jpg", -1.0F)), PutResult::kUpdated);
  auto rows = vectors(model_);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].first, id);
  EXPECT_EQ(rows[0].second[0], -1.0F);
}

TEST_F(StoreTest, KeepsPathsThatAreNotUtf8) {
  std::string odd = "/\xff\xfe/caf\xe9 '%_\".jpg";
  put(item(odd));
  put(item("/caf\xc3\xa9.jpg"));
  EXPECT_TRUE(store_.find_file(odd, model_));
  EXPECT_EQ(store_.paths_with_prefix("/\xff", "", 10), std::vector<std::string>{odd});
  EXPECT_EQ(store_.find_item(vectors(model_).at(0).first)->url, odd);
}

TEST_F(StoreTest, KeepsOneRowForEachModel) {
  std::int64_t other = store_.add_model({"f2", "second", 3});
  put(item("/a.jpg"));
  EXPECT_EQ(put({"/a.jpg", {}, "h", 1, 1, {1, 2, 3}}, other), PutResult::kAdded);
  EXPECT_EQ(vectors(model_).size(), 1U);
  ASSERT_EQ(vectors(other).size(), 1U);
  EXPECT_EQ(vectors(other)[0].second, (std::vector<float>{1, 2, 3}));
  std::vector<ModelCount> counts = store_.count_by_model();
  ASSERT_EQ(counts.size(), 2U);
  EXPECT_EQ(counts[1].model.name, "second");
  EXPECT_EQ(counts[1].model.dimension, 3);
  EXPECT_EQ(counts[1].items, 1U);
}

TEST_F(StoreTest, KnowsAModelByItsFingerprint) {
  EXPECT_EQ(store_.find_model({"f1", "renamed", 2}), model_);
  EXPECT_EQ(store_.add_model({"f1", "renamed", 2}), model_);
  EXPECT_FALSE(store_.find_model({"f3", "first", 2}));
  try {
    store_.find_model({"f1", "first", 512});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kModelMismatch);
  }
}

TEST_F(StoreTest, ReportsVectorsThatAreNotIntact) {
  put({"/short.jpg", {}, "h", 1, 1, {1}});
  EXPECT_FALSE(store_.find_file("/short.jpg", model_)->intact);
}

TEST_F(StoreTest, FindsContent) {
  NewItem first = item("/a.jpg");
  NewItem second = item("/b.jpg");
  second.content_hash = first.content_hash;
  put(first);
  put(second);
  auto found = store_.find_content(first.content_hash, model_, 10);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].url, "/a.jpg");
  EXPECT_EQ(found[1].url, "/b.jpg");
  EXPECT_EQ(store_.find_content(first.content_hash, model_, 1).size(), 1U);
  EXPECT_TRUE(store_.find_content(first.content_hash, model_ + 1, 10).empty());
}

TEST_F(StoreTest, MovesAnItemThatIsStillThere) {
  put(item("/old.jpg"));
  std::int64_t id = vectors(model_).at(0).first;
  store_.write([&] {
    EXPECT_FALSE(store_.move_item(id, "/elsewhere.jpg", item("/new.jpg")));
    EXPECT_TRUE(store_.move_item(id, "/old.jpg", item("/new.jpg")));
  });
  EXPECT_FALSE(store_.find_file("/old.jpg", model_));
  EXPECT_TRUE(store_.find_file("/new.jpg", model_));
  put(item("/third.jpg"));
  store_.write([&] { EXPECT_FALSE(store_.move_item(id, "/new.jpg", item("/third.jpg"))) << "has a row already"; });
}

TEST_F(StoreTest, TouchesAnItem) {
  put(item("/a.jpg"));
  store_.write([&] { store_.touch_item("/a.jpg", model_, {101, 5, 6}); });
  auto file = store_.find_file("/a.jpg", model_);
  EXPECT_EQ(file->state.size, 101);
  EXPECT_EQ(file->state.mtime_ns, 5);
  EXPECT_EQ(file->state.read_ms, 6);
}

TEST_F(StoreTest, RemembersAFailureUntilThePictureIsPut) {
  put(item("/a.jpg"));
  store_.write([&] { store_.put_failure("/a.jpg", model_, {{1, 2, 3}, "corrupt", "/a.jpg: truncated"}); });
  auto failure = store_.find_failure("/a.jpg");
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->state.size, 1);
  EXPECT_EQ(failure->state.mtime_ns, 2);
  EXPECT_EQ(failure->state.read_ms, 3);
  EXPECT_EQ(failure->code, "corrupt");
  EXPECT_EQ(failure->message, "/a.jpg: truncated");
  EXPECT_EQ(store_.count_failures(), 1U);
  EXPECT_FALSE(store_.find_file("/a.jpg", model_)) << "the vector of the former content must not be found any more";
  put(item("/a.jpg"));
  EXPECT_FALSE(store_.find_failure("/a.jpg"));
}

TEST_F(StoreTest, RemovesAPathForEveryModel) {
  put(item("/a.jpg"));
  put(item("/a.jpg"), store_.add_model({"f2", "second", 2}));
  store_.write([&] {
    store_.put_failure("/b.jpg", model_, {{}, "corrupt", "m"});
    EXPECT_TRUE(store_.remove_path("/a.jpg"));
    EXPECT_FALSE(store_.remove_path("/a.jpg"));
    EXPECT_FALSE(store_.remove_path("/b.jpg")) << "a failure is not a picture";
  });
  EXPECT_TRUE(store_.count_by_model().empty());
  EXPECT_EQ(store_.count_failures(), 0U);
}

TEST_F(StoreTest, ListsPathsByPrefix) {
  for (const char* path : {"/p/a.jpg", "/p/b/c.jpg", "/p/b.jpg", "/pq.jpg", "/o.jpg", "/p%.jpg", "/P/a.jpg"}) {
    put(item(path));
  }
  put(item("/p/a.jpg"), store_.add_model({"f2", "second", 2}));
  store_.write([&] { store_.put_failure("/p/bad.jpg", model_, {{}, "corrupt", "m"}); });
  EXPECT_EQ(store_.paths_with_prefix("/p/", "", 100),
            (std::vector<std::string>{"/p/a.jpg", "/p/b.jpg", "/p/b/c.jpg", "/p/bad.jpg"}));
  EXPECT_EQ(store_.paths_with_prefix("/p/", "/p/a.jpg", 2), (std::vector<std::string>{"/p/b.jpg", "/p/b/c.jpg"}));
  EXPECT_TRUE(store_.paths_with_prefix("/p/", "/p/bad.jpg", 2).empty());
  EXPECT_EQ(store_.paths_with_prefix("/", "", 100).size(), 8U);
}

TEST_F(StoreTest, StoresAllOfAWriteOrNothing) {
  EXPECT_THROW(store_.write([&] {
    store_.put_item(item("/a.jpg"), model_);
    throw Error(ErrorCode::kCancelled, "half way");
  }),
               Error);
  EXPECT_TRUE(vectors(model_).empty());
  EXPECT_EQ(put(item("/a.jpg")), PutResult::kAdded) << "the connection stays usable";
}

TEST_F(StoreTest, DetectsThatAnotherConnectionHasWritten) {
  Store reader(folder_ / "clip.db", Access::kRead);
  std::int64_t before = reader.data_version();
  EXPECT_EQ(reader.data_version(), before);
  put(item("/a.jpg"));
  EXPECT_NE(reader.data_version(), before);
}

TEST_F(StoreTest, ReadsWhileAnotherConnectionWrites) {
  put(item("/a.jpg"));
  put(item("/b.jpg"));
  Store reader(folder_ / "clip.db", Access::kRead);
  int rows = 0;
  reader.for_each_vector(model_, [&](std::int64_t, std::span<const std::byte>) {
    ++rows;
    store_.write([&] { store_.remove_path("/b.jpg"); });
  });
  EXPECT_EQ(rows, 2) << "a running read must not see the change";
  EXPECT_FALSE(reader.find_file("/b.jpg", model_));
}

TEST_F(StoreTest, ReturnsVectorsAsTheyAreStored) {
  put({"/empty.jpg", {}, "h", 1, 1, {}});
  put({"/long.jpg", {}, "h", 1, 1, std::vector<float>(100'000, 1.0F)});  // over many pages
  auto rows = vectors(model_);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_TRUE(rows[0].second.empty());
  EXPECT_EQ(rows[1].second, std::vector<float>(100'000, 1.0F));
}

TEST_F(StoreTest, RefusesAValueThatIsFarTooLarge) {
  SQLite::Database(store_.file().string(), SQLite::OPEN_READWRITE)
      .exec("INSERT INTO ClipItems(model_id, url, type) VALUES (1, printf('/%.*c', 20000000, 'x'), 1)");
  try {
    store_.paths_with_prefix("/", "", 10);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kLimitExceeded) << error.what();
  }
}

}  // namespace
}  // namespace clipseek::store
