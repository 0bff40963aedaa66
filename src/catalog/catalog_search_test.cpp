#include <gtest/gtest.h>

#include <limits>
#include <thread>

#include "catalog/testing/catalog_fixture.h"
#include "store/store.h"

namespace clipseek::catalog {
namespace {

namespace fs = std::filesystem;
using Paths = std::vector<std::string>;

class CatalogSearchTest : public testing::Test, protected CatalogFixture {
 protected:
  static Paths paths(const std::vector<SearchHit>& hits) {
    Paths result;
    for (const SearchHit& hit : hits) result.push_back(hit.path);
    return result;
  }
  // Writes a row into the database as an index run would.
  void put(const std::string& url, std::vector<float> feature) {
    store::Store store(database_, store::Access::kWrite);
    std::int64_t model = store.add_model({"fake-1", "fake", 8});
    store.write([&] { store.put_item({url, {}, url, 1, 1, std::move(feature)}, model); });
  }
  static ErrorCode code_of(const std::function<void()>& function) {
    try {
      function();
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::kInternal;
  }
};

TEST_F(CatalogSearchTest, RanksByCosine) {
  put("/0", {1, 0, 0, 0, 0, 0, 0, 0});
  put("/1", {0, 1, 0, 0, 0, 0, 0, 0});
  put("/2", {-1, 0, 0, 0, 0, 0, 0, 0});
  put("/3", {0.6F, 0.8F, 0, 0, 0, 0, 0, 0});
  for (int repeat = 0; repeat < 3; ++repeat) {  // the first search streams from the file, later ones use memory
    auto hits = catalog_.search({0.8F, 0.6F, 0, 0, 0, 0, 0, 0}, 3);
    EXPECT_EQ(paths(hits), (Paths{"/3", "/0", "/1"}));
    EXPECT_NEAR(hits[0].score, 0.96, 1e-6);
    EXPECT_NEAR(hits[2].score, 0.6, 1e-6);
  }
  EXPECT_EQ(catalog_.search({1, 0, 0, 0, 0, 0, 0, 0}, 100).size(), 4U);
  EXPECT_TRUE(catalog_.search({1, 0, 0, 0, 0, 0, 0, 0}, 0).empty());
}

TEST_F(CatalogSearchTest, AnObservationGoesIntoTheDatabaseThatReplacedTheFirst) {
  const Embedding seen = encoder_.embed("seen");
  catalog_.store_observation({.url = "ros:/first", .embedding = seen});
  EXPECT_EQ(paths(catalog_.search(seen, 10)), Paths{"ros:/first"});
  for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(database_.string() + suffix);
  catalog_.store_observation({.url = "ros:/second", .embedding = seen});
  Catalog reopened(database_, encoder_, OpenMode::kReadOnly);
  EXPECT_EQ(paths(reopened.search(seen, 10)), Paths{"ros:/second"});
}

TEST_F(CatalogSearchTest, AnObservationAtAnImpossibleTimeIsRefused) {
  for (std::int64_t time : {std::int64_t{-1}, std::numeric_limits<std::int64_t>::max()}) {
    auto store = [&] {
      catalog_.store_observation({.url = "ros:/a", .embedding = encoder_.embed("a"), .observed_ms = time});
    };
    EXPECT_EQ(code_of(store), ErrorCode::kInvalidArgument);
  }
}

TEST_F(CatalogSearchTest, BreaksTiesByPathInAnyStorageOrder) {
  for (const char* path : {"/d", "/b", "/a", "/c"}) put(path, {1, 0, 0, 0, 0, 0, 0, 0});
  put("/z", {0.6F, 0.8F, 0, 0, 0, 0, 0, 0});
  for (int repeat = 0; repeat < 3; ++repeat) {
    EXPECT_EQ(paths(catalog_.search({0.6F, 0.8F, 0, 0, 0, 0, 0, 0}, 3)), (Paths{"/z", "/a", "/b"}));
  }
}

TEST_F(CatalogSearchTest, AnEmptyDatabaseReturnsNoHits) {
  EXPECT_TRUE(catalog_.search(encoder_.embed("x"), 10).empty());
  EXPECT_TRUE(catalog_.search(encoder_.embed("x"), 10).empty());
  CatalogStats stats = catalog_.stats();
  EXPECT_EQ(stats.items, 0U);
  EXPECT_EQ(stats.other_items, 0U);
  EXPECT_GT(stats.database_bytes, 0);
}

TEST_F(CatalogSearchTest, SeesEveryChangeAtOnce) {
  picture("a.jpg", "one");
  index();
  for (int repeat = 0; repeat < 3; ++repeat) EXPECT_EQ(stored().size(), 1U);
  picture("b.jpg", "two");
  index();
  EXPECT_EQ(stored().size(), 2U);
  EXPECT_EQ(stored().size(), 2U);
  picture("b.jpg", "three");
  index();
  EXPECT_NEAR(nearest("three").score, 1, 1e-5);
  fs::remove(path("a.jpg"));
  index();
  EXPECT_EQ(stored(), Paths{path("b.jpg")});
}

TEST_F(CatalogSearchTest, FollowsAReplacedDatabase) {
  picture("a.jpg", "one");
  index();
  EXPECT_EQ(stored().size(), 1U);
  for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(database_.string() + suffix);
  EXPECT_EQ(code_of([&] { stored(); }), ErrorCode::kNotFound);
  picture("b.jpg", "two");
  index();
  EXPECT_EQ(stored().size(), 2U);
}

TEST_F(CatalogSearchTest, ReadOnlyModeDoesNotCreateADatabase) {
  EXPECT_EQ(code_of([&] { Catalog(folder_ / "none.db", encoder_, OpenMode::kReadOnly); }), ErrorCode::kNotFound);
  EXPECT_FALSE(fs::exists(folder_ / "none.db"));
}

TEST_F(CatalogSearchTest, AModelMismatchNamesTheStoredModels) {
  picture("a.jpg", "one");
  index();
  FakeEncoder other("other-fingerprint", 16);
  Catalog catalog(database_, other, OpenMode::kReadOnly);
  for (int repeat = 0; repeat < 3; ++repeat) {
    try {
      catalog.search(other.embed("one"), 10);
      ADD_FAILURE();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kModelMismatch);
      EXPECT_NE(std::string(error.what()).find("1 of fake [fake-1]"), std::string::npos) << error.what();
      EXPECT_NE(std::string(error.what()).find("fake [other-fi]"), std::string::npos) << error.what();
    }
  }
  CatalogStats stats = catalog.stats();
  EXPECT_EQ(stats.items, 0U);
  EXPECT_EQ(stats.other_items, 1U);
  EXPECT_EQ(stats.other_models, Paths{"fake [fake-1]"});
}

TEST_F(CatalogSearchTest, SearchesOnlyVectorsOfItsOwnModel) {
  picture("a.jpg", "one");
  picture("b.jpg", "two");
  index();
  FakeEncoder other("other-fingerprint", 8);
  Catalog catalog(database_, other, OpenMode::kCreate);
  EXPECT_EQ(index_into(catalog, {pictures_ / "a.jpg"}).added, 1U);
  EXPECT_EQ(paths(catalog.search(other.embed("one"), 10)), Paths{path("a.jpg")});
  EXPECT_EQ(stored().size(), 2U);
}

TEST_F(CatalogSearchTest, RejectsAQueryThatIsNotAUnitVector) {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  for (const Embedding& query :
       {Embedding{}, Embedding{1}, Embedding(8, 1.0F), Embedding(8, 0.0F), Embedding{1, 0, 0, 0, kNan, 0, 0, 0}}) {
    EXPECT_EQ(code_of([&] { catalog_.search(query, 1); }), ErrorCode::kInvalidArgument);
  }
}

TEST_F(CatalogSearchTest, SkipsDamagedVectors) {
  put("/good", {1, 0, 0, 0, 0, 0, 0, 0});
  put("/short", {1, 0, 0, 0});
  put("/long", std::vector<float>(100, 0.1F));
  put("/empty", {});
  put("/nan", {std::numeric_limits<float>::quiet_NaN(), 0, 0, 0, 0, 0, 0, 0});
  put("/infinite", {std::numeric_limits<float>::infinity(), 0, 0, 0, 0, 0, 0, 0});
  put("/huge", {1e6F, 0, 0, 0, 0, 0, 0, 0});
  for (int repeat = 0; repeat < 3; ++repeat) {
    EXPECT_EQ(paths(catalog_.search({1, 0, 0, 0, 0, 0, 0, 0}, 10)), Paths{"/good"});
  }
}

TEST_F(CatalogSearchTest, IndexingRepairsAVectorOfWrongLength) {
  picture("a.jpg", "one");
  index();
  {
    store::Store store(database_, store::Access::kWrite);
    std::int64_t model = store.add_model({"fake-1", "fake", 8});
    store::FileState state = store.find_file(path("a.jpg"), model)->state;
    store.write([&] { store.put_item({path("a.jpg"), state, "hash", 1, 1, {1, 2, 3}}, model); });
  }
  EXPECT_TRUE(stored().empty());
  EXPECT_EQ(index().updated, 1U);
  EXPECT_NEAR(nearest("one").score, 1, 1e-5);
}

TEST_F(CatalogSearchTest, RejectsAModelWhoseDimensionChanged) {
  picture("a.jpg", "one");
  index();
  FakeEncoder wider("fake-1", 9);
  EXPECT_EQ(code_of([&] { Catalog(database_, wider, OpenMode::kReadOnly); }), ErrorCode::kModelMismatch);
}

TEST_F(CatalogSearchTest, WorksInAReadOnlyFolder) {
  picture("a.jpg", "one");
  fs::path file = folder_ / "shelf/clip.db";
  fs::create_directory(file.parent_path());
  {
    Catalog writer(file, encoder_, OpenMode::kCreate);
    index_into(writer, {pictures_});
  }
  fs::permissions(file.parent_path(), fs::perms(0555));
  fs::permissions(file, fs::perms(0444));
  store::WithoutPrivileges guard;
  Catalog catalog(file, encoder_, OpenMode::kReadOnly);
  for (int repeat = 0; repeat < 3; ++repeat) EXPECT_EQ(catalog.search(encoder_.embed("one"), 5).size(), 1U);
  EXPECT_EQ(code_of([&] { Catalog(file, encoder_, OpenMode::kCreate); }), ErrorCode::kStorage);
}

TEST_F(CatalogSearchTest, ServesSeveralThreadsDuringAnIndexRun) {
  for (int i = 0; i < 400; ++i) picture(std::to_string(i) + ".jpg", std::to_string(i));
  index({pictures_ / "0.jpg"});
  encoder_.delay = std::chrono::milliseconds(1);
  std::atomic<bool> indexed = false;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      while (!indexed) {
        auto hits = catalog_.search(encoder_.embed("0"), 5);
        ASSERT_FALSE(hits.empty());
        EXPECT_EQ(hits[0].path, path("0.jpg"));
        catalog_.stats();
      }
    });
  }
  index();
  for (int i = 1; i < 400; ++i) fs::remove(path(std::to_string(i) + ".jpg"));
  index();
  indexed = true;
  threads.clear();
  EXPECT_EQ(stored(), Paths{path("0.jpg")});
}

TEST(Mix, IsTheUnitVectorAlongTheWeightedSum) {
  Embedding mixed = mix({{3, {1, 0}}, {4, {0, 1}}});
  EXPECT_NEAR(mixed[0], 0.6, 1e-6);
  EXPECT_NEAR(mixed[1], 0.8, 1e-6);
  mixed = mix({{2, {0.6F, 0.8F}}});
  EXPECT_NEAR(mixed[0], 0.6, 1e-6);
  mixed = mix({{1, {0, 1}}, {-1, {1, 0}}});
  EXPECT_NEAR(mixed[0], -0.70710678, 1e-6);
}

TEST(Mix, RejectsPartsWithoutADirection) {
  EXPECT_THROW(mix({}), Error);
  EXPECT_THROW(mix({{1, {1, 0}}, {1, {-1, 0}}}), Error);
  EXPECT_THROW(mix({{0, {1, 0}}}), Error);
  EXPECT_THROW(mix({{1, {1, 0}}, {1, {1, 0, 0}}}), Error);
  EXPECT_THROW(mix({{std::numeric_limits<float>::quiet_NaN(), {1, 0}}}), Error);
  EXPECT_THROW(mix({{1, {}}}), Error);
}

}  // namespace
}  // namespace clipseek::catalog
