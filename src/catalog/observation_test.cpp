// Pictures that are not files, and their thumbnails.
#include <gtest/gtest.h>

#include <limits>

#include "base/clock.h"
#include "base/mapped_file.h"
#include "catalog/result_links.h"
#include "catalog/testing/catalog_fixture.h"
#include "store/store.h"

namespace clipseek::catalog {
namespace {

namespace fs = std::filesystem;

class ObservationTest : public testing::Test, protected CatalogFixture {
 protected:
  // Bytes that begin as a JPEG.
  static std::string jpeg(std::size_t size, char fill = 'x') {
    std::string bytes(size, fill);
    return bytes.replace(0, 3, "\xff\xd8\xff");
  }
  Observation observation(const std::string& url, const std::string& thumbnail) {
    return {.url = url, .embedding = encoder_.embed(url), .observed_ms = 1, .thumbnail = thumbnail};
  }
  std::int64_t id(const std::string& url) { return nearest(url).id; }
};

TEST_F(ObservationTest, KeepsItsThumbnail) {
  EXPECT_TRUE(catalog_.store_observation(observation("ros:/a", jpeg(100))));
  EXPECT_TRUE(catalog_.store_observation(observation("ros:/b", "")));
  EXPECT_EQ(catalog_.thumbnail(id("ros:/a")), jpeg(100));
  EXPECT_FALSE(catalog_.thumbnail(id("ros:/b")));
  EXPECT_FALSE(catalog_.thumbnail(1'000));
  EXPECT_EQ(catalog_.stats().thumbnails, 1U);
  EXPECT_EQ(catalog_.stats().thumbnail_bytes, 100);
  // Another process, such as `clipseek serve`, that follows the database.
  Catalog reader(database_, encoder_, OpenMode::kReadOnly);
  EXPECT_FALSE(catalog_.store_observation(observation("ros:/b", jpeg(50)))) << "it was stored before";
  EXPECT_EQ(reader.thumbnail(id("ros:/b")), jpeg(50));
}

TEST_F(ObservationTest, RefusesAThumbnailThatIsNone) {
  for (const std::string& bad : {std::string("GIF89a"), std::string("\xff\xd8"), jpeg(kMaxThumbnailBytes + 1)}) {
    try {
      catalog_.store_observation(observation("ros:/a", bad));
      ADD_FAILURE() << bad.size();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
      EXPECT_NE(std::string(error.what()).find("ros:/a"), std::string::npos);
    }
  }
  EXPECT_EQ(catalog_.stats().items, 0U);
  EXPECT_TRUE(catalog_.store_observation(observation("ros:/a", jpeg(kMaxThumbnailBytes))));
}

TEST_F(ObservationTest, ReturnsOnlyWhatBeginsAsAJpeg) {
  catalog_.store_observation(observation("ros:/a", jpeg(100)));
  store::Store store(database_, store::Access::kWrite);
  store.write([&] { store.put_thumbnail("ros:/a", store.add_model({"fake-1", "fake", 8}), 1, "<script>"); });
  EXPECT_FALSE(catalog_.thumbnail(id("ros:/a")));
}

TEST_F(ObservationTest, TrimsThumbnailsToTheLimits) {
  for (int i = 0; i < 10; ++i) catalog_.store_observation(observation("ros:/" + std::to_string(i), jpeg(1000)));
  EXPECT_EQ(catalog_.trim_thumbnails({}), 0U);
  EXPECT_EQ(catalog_.trim_thumbnails({.max_bytes = 3'500}), 7U);
  EXPECT_EQ(catalog_.trim_thumbnails({.max_bytes = 3'500}), 0U);
  EXPECT_FALSE(catalog_.thumbnail(id("ros:/6")));
  EXPECT_EQ(catalog_.thumbnail(id("ros:/7")), jpeg(1000));
  EXPECT_EQ(catalog_.stats().items, 10U) << "the pictures stay";

  constexpr std::int64_t kDay = 86'400'000;
  EXPECT_EQ(catalog_.trim_thumbnails({.max_age_ms = kDay}), 0U) << "they were stored now, whatever their stamp";
  store::Store store(database_, store::Access::kWrite);
  std::int64_t model = store.add_model({"fake-1", "fake", 8});
  store.write([&] { store.put_thumbnail("ros:/8", model, base::now_ms() - 2 * kDay, jpeg(1000)); });
  EXPECT_EQ(catalog_.trim_thumbnails({.max_age_ms = kDay}), 1U);
  EXPECT_FALSE(catalog_.thumbnail(id("ros:/8")));
  EXPECT_TRUE(catalog_.thumbnail(id("ros:/9")));
}

TEST_F(ObservationTest, AResultHasTheThumbnailsOfObservations) {
  picture("cat.jpg", "a cat");
  index();
  catalog_.store_observation(observation("ros:/with", jpeg(100)));
  catalog_.store_observation(observation("ros:/without", ""));
  SearchHit with = nearest("ros:/with");
  SearchHit without = nearest("ros:/without");
  std::vector<ResultPicture> pictures = result_pictures(catalog_, {nearest("a cat"), with, without});
  ASSERT_EQ(pictures.size(), 3U);
  EXPECT_EQ(pictures[0].target, path("cat.jpg"));
  EXPECT_EQ(pictures[0].thumbnail, "");
  EXPECT_EQ(pictures[1].target, "ros:/with");
  EXPECT_EQ(pictures[1].thumbnail, jpeg(100));
  EXPECT_EQ(pictures[2].thumbnail, "");
}

}  // namespace
}  // namespace clipseek::catalog
