// Storing items that arrive on a topic, and the result folder of a query.
#include "nodes/manage/visual_memory.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/json.h"
#include "catalog/testing/fake_encoder.h"
#include "clipseek/error.h"
#include "image/thumbnail.h"
#include "nodes/manage/result_folder.h"
#include "nodes/shared/data_url.h"
#include "nodes/shared/item_extra.h"

namespace clipseek::nodes {
namespace {

namespace fs = std::filesystem;

class VisualMemoryTest : public testing::Test {
 protected:
  VisualMemoryTest() {
    std::string name = testing::TempDir() + "clipseek_memory_XXXXXX";
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    catalog_ = std::make_unique<Catalog>(folder_ / "clip.db", encoder_, OpenMode::kCreate);
  }
  ~VisualMemoryTest() override {
    catalog_.reset();
    fs::remove_all(folder_);
  }

  VisualMemory memory(float threshold) { return memory(threshold, {}); }
  VisualMemory memory(float threshold, const ThumbnailLimits& limits) {
    return VisualMemory(*catalog_, encoder_.info(), threshold, limits, logger_);
  }

  // A frame of a camera whose feature is `angle` radians away from that of angle 0.
  static ClipItem frame(int second, double angle, const std::string& camera = "front") {
    std::string stamp = std::to_string(1'700'000'000 + second) + ".500000000";
    ClipItem item{.type = true, .url = "ros:/image_raw/" + stamp};
    item.feature.assign(8, 0.0F);
    item.feature[0] = static_cast<float>(std::cos(angle));
    item.feature[1] = static_cast<float>(std::sin(angle));
    item.extra = {"width=640", "height=480", "model=fake-1", "stamp=" + stamp, "frame_id=" + camera};
    return item;
  }
  static std::string jpeg_url(const std::string& jpeg) {
    return encode_data_url("image/jpeg", std::as_bytes(std::span(jpeg)));
  }
  // A JPEG of 32 x 24 pixels.
  static std::string small_jpeg() {
    return image::encode_jpeg(Picture{32, 24, std::vector<std::uint8_t>(3 * 32 * 24, 90)}, 80);
  }
  // Returns the thumbnail that the database has of the best hit for `item`.
  std::optional<std::string> thumbnail_of(const ClipItem& item) {
    return catalog_->thumbnail(catalog_->search(item.feature, 1).at(0).id);
  }
  std::size_t stored() { return catalog_->stats().items; }

  fs::path folder_;
  catalog::FakeEncoder encoder_;
  std::unique_ptr<Catalog> catalog_;
  static std::shared_ptr<ros2::LogOutput> silence() {
    ros2::Arguments quiet;
    quiet.console_logs = quiet.file_logs = false;
    return std::make_shared<ros2::LogOutput>(quiet);
  }
  std::string log_;
  ros2::Logger logger_{silence(), "test", ros2::Severity::kInfo, nullptr};
};

TEST_F(VisualMemoryTest, KeepsStampFrameAndSize) {
  EXPECT_TRUE(memory(0.95F).take(frame(1, 0)));
  auto hits = catalog_->search(frame(1, 0).feature, 1);
  ASSERT_EQ(hits.size(), 1U);
  EXPECT_EQ(hits[0].path, "ros:/image_raw/1700000001.500000000");
  EXPECT_EQ(hits[0].width, 640);
  EXPECT_EQ(hits[0].modified_ms, 1'700'000'001'500);
  EXPECT_NE(hits[0].extra.find("stamp=1700000001.500000000"), std::string::npos);
  EXPECT_NE(hits[0].extra.find("frame_id=front"), std::string::npos);
}

TEST_F(VisualMemoryTest, ConsecutiveNearDuplicatesAreStoredOnce) {
  VisualMemory store = memory(0.95F);
  EXPECT_TRUE(store.take(frame(1, 0)));
  EXPECT_FALSE(store.take(frame(2, 0.1)));         // cosine 0.995
  EXPECT_TRUE(store.take(frame(3, 0, "behind")));  // another camera
  EXPECT_FALSE(store.take(frame(4, 0.2)));         // 0.980 with the last one stored; 0.995 with the last one received
  EXPECT_TRUE(store.take(frame(5, 0.4)));          // 0.921
  EXPECT_TRUE(store.take(frame(6, 0)));            // stored before, but not directly before
  EXPECT_EQ(stored(), 4U);
  VisualMemory all = memory(2);
  EXPECT_TRUE(all.take(frame(7, 0)));
  EXPECT_TRUE(all.take(frame(8, 0)));
}

TEST_F(VisualMemoryTest, InvalidItemsAreDropped) {
  VisualMemory store = memory(0.95F);
  auto refused = [&](const std::function<void(ClipItem&)>& change) {
    ClipItem item = frame(1, 0);
    change(item);
    EXPECT_FALSE(store.take(item)) << item.url.substr(0, 50);
  };
  refused([](ClipItem& item) { item.url = "/home/me/a.jpg"; });  // would replace the entry of a file
  refused([](ClipItem& item) { item.url += std::string(5000, 'x'); });
  refused([](ClipItem& item) { item.extra.assign(10'000, "x"); });
  refused([](ClipItem& item) { item.extra[2] = "model=fake-2"; });
  refused([](ClipItem& item) { item.extra.erase(item.extra.begin() + 2); });
  refused([](ClipItem& item) { item.feature.resize(7); });
  refused([](ClipItem& item) { item.feature.assign(8, 0.0F); });
  refused([](ClipItem& item) { item.feature[3] = NAN; });
  refused([](ClipItem& item) { item.type = false; });
  EXPECT_EQ(stored(), 0U);
  ClipItem odd = frame(1, 0);
  odd.extra[3] = "stamp=1e300";
  odd.extra[4] = "frame_id=a,b";
  EXPECT_TRUE(store.take(odd));  // stored with the current time, and with '_' for the comma, which separates entries
  EXPECT_NE(catalog_->search(odd.feature, 1).at(0).extra.find("frame_id=a_b"), std::string::npos);
}

TEST_F(VisualMemoryTest, KeepsTheThumbnailOutsideOfExtra) {
  ClipItem item = frame(1, 0);
  add_extra(item, kThumbnailKey, jpeg_url(small_jpeg()));
  item.extra.push_back("note=" + std::string(3000, 'x'));  // together with the thumbnail, more than the text may have
  EXPECT_TRUE(memory(0.95F).take(item));
  EXPECT_EQ(thumbnail_of(item), small_jpeg());
  EXPECT_EQ(catalog_->search(item.feature, 1).at(0).extra.find("thumbnail"), std::string::npos);
}

TEST_F(VisualMemoryTest, AnInvalidThumbnailIsDroppedWithoutItsItem) {
  VisualMemory store = memory(2);
  std::string long_jpeg = small_jpeg() + std::string(kMaxThumbnailBytes, 'x');
  std::string wide = image::encode_jpeg(Picture{4000, 300, std::vector<std::uint8_t>(3 * 4000 * 300, 90)}, 10);
  ASSERT_LT(wide.size(), kMaxThumbnailBytes) << "valid, but it has more pixels than a thumbnail may have";
  std::string png_in_jpeg = "\x89PNG\r\n\x1a\n";
  int second = 0;
  for (const std::string& bad :
       {std::string("x"), std::string("/etc/passwd"), jpeg_url(""), jpeg_url("no picture"), jpeg_url(png_in_jpeg),
        jpeg_url(small_jpeg().substr(0, 200)), jpeg_url(long_jpeg), jpeg_url(wide),
        "data:image/png;base64," + jpeg_url(small_jpeg()).substr(23), jpeg_url(small_jpeg()) + "%"}) {
    ++second;
    ClipItem item = frame(second, second * 0.1);
    add_extra(item, kThumbnailKey, bad);
    EXPECT_TRUE(store.take(item)) << bad.substr(0, 60);
    EXPECT_FALSE(thumbnail_of(item)) << bad.substr(0, 60);
  }
  EXPECT_EQ(catalog_->stats().thumbnails, 0U);
}

TEST_F(VisualMemoryTest, AThumbnailOfOneByteTooManyIsDroppedWithoutItsItem) {
  VisualMemory store = memory(2);
  for (std::size_t size : {kMaxThumbnailBytes, kMaxThumbnailBytes + 1}) {  // their data URLs have the same length
    std::string jpeg = small_jpeg();
    jpeg.resize(size, 'x');
    ClipItem item = frame(static_cast<int>(size), static_cast<double>(size));
    add_extra(item, kThumbnailKey, jpeg_url(jpeg));
    EXPECT_TRUE(store.take(item)) << size;
    EXPECT_EQ(thumbnail_of(item).has_value(), size == kMaxThumbnailBytes) << size;
  }
  EXPECT_EQ(stored(), 2U);
  EXPECT_EQ(store.counts().refused, 0U);
}

TEST_F(VisualMemoryTest, OnlyOneEntryMayBeAsLongAsAThumbnail) {
  ClipItem item = frame(1, 0);
  add_extra(item, kThumbnailKey, jpeg_url(small_jpeg()));
  add_extra(item, kThumbnailKey, std::string(5000, 'x'));
  EXPECT_FALSE(memory(2).take(item));
}

TEST_F(VisualMemoryTest, DeletesTheOldestThumbnailsBeyondTheLimit) {
  auto size = static_cast<std::int64_t>(small_jpeg().size());
  VisualMemory store = memory(2, {.max_bytes = 2 * size});
  for (int second = 1; second <= 4; ++second) {
    ClipItem item = frame(second, second * 0.3);
    add_extra(item, kThumbnailKey, jpeg_url(small_jpeg()));
    EXPECT_TRUE(store.take(item));
  }
  EXPECT_EQ(stored(), 4U);
  EXPECT_EQ(catalog_->stats().thumbnails, 2U);
  EXPECT_FALSE(thumbnail_of(frame(2, 0.6)));
  EXPECT_TRUE(thumbnail_of(frame(3, 0.9)));
  // A later run with a lower limit.
  memory(2, {.max_bytes = 1}).tick(std::chrono::steady_clock::now(), {});
  EXPECT_EQ(catalog_->stats().thumbnails, 0U);
}

// Each step keeps others from storing for a moment.
TEST_F(VisualMemoryTest, ATickDeletesALimitedNumberOfThumbnails) {
  constexpr std::size_t kCount = 1100;
  for (std::size_t i = 0; i < kCount; ++i) {
    catalog_->store_observation(
        {.url = "ros:/" + std::to_string(i), .embedding = frame(1, 0).feature, .thumbnail = "\xff\xd8\xff"});
  }
  VisualMemory store = memory(2, {.max_bytes = 1});
  store.tick(std::chrono::steady_clock::now(), {});
  EXPECT_GT(catalog_->stats().thumbnails, 0U);
  EXPECT_LT(catalog_->stats().thumbnails, kCount / 2);
  store.tick(std::chrono::steady_clock::now(), {});
  EXPECT_EQ(catalog_->stats().thumbnails, 0U);
}

TEST_F(VisualMemoryTest, LogsEachKeyframeAndASummary) {
  ros2::Logger logger(silence(), "test", ros2::Severity::kInfo, [this](const ros2::LogLine& line) {
    log_ += std::to_string(static_cast<int>(line.severity)) + " " + std::string(line.message) + "\n";
  });
  VisualMemory store(*catalog_, encoder_.info(), 0.95F, {}, logger);
  auto start = std::chrono::steady_clock::now();
  store.tick(start, {});
  EXPECT_EQ(log_, "") << "nothing was stored";
  ClipItem item = frame(1, 0);
  add_extra(item, kThumbnailKey, jpeg_url(small_jpeg()));
  store.take(item);
  EXPECT_EQ(std::exchange(log_, ""),
            "20 Stored keyframe ros:/image_raw/1700000001.500000000, current num of database: 1\n");
  store.take(frame(2, 0.01));
  item.type = false;
  store.take(item);
  EXPECT_EQ(std::exchange(log_, ""),
            "30 item 1 of the topic ignored: 'ros:/image_raw/1700000001.500000000' is not a picture of a topic\n");
  store.tick(start + std::chrono::seconds(60), {});
  EXPECT_EQ(std::exchange(log_, ""),
            "30 Keyframes of the last 60 s: 1 stored, 1 near-duplicates left out, 1 refused; current num of database: "
            "1, 1 thumbnails with 0.0 MB\n");
  store.tick(start + std::chrono::seconds(120), {});
  EXPECT_EQ(log_, "");
}

TEST(KeyframeMeter, CountsSinceThePreviousLine) {
  std::chrono::steady_clock::time_point start{};
  KeyframeMeter meter(start);
  meter.add_near_duplicate();
  EXPECT_FALSE(meter.line(start + std::chrono::seconds(60))) << "near-duplicates alone are not worth a line";
  meter.add_stored();
  meter.add_stored();
  meter.add_near_duplicate();
  EXPECT_EQ(meter.add_refused_thumbnail(), 1U);
  EXPECT_EQ(meter.line(start + std::chrono::seconds(121)),
            "Keyframes of the last 61 s: 2 stored, 1 near-duplicates left out, 0 refused, 1 thumbnails refused");
  EXPECT_EQ(meter.add_refused(), 1U);
  EXPECT_EQ(meter.add_refused(), 2U);
  EXPECT_EQ(meter.line(start + std::chrono::seconds(180)),
            "Keyframes of the last 59 s: 0 stored, 0 near-duplicates left out, 2 refused");
  CatalogStats stats;
  stats.thumbnails = 3990;
  stats.thumbnail_bytes = 41'234'567;
  EXPECT_EQ(thumbnail_text(stats), "3990 thumbnails with 41.2 MB");
}

std::string content_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST_F(VisualMemoryTest, ResultsAreLinksAndJson) {
  QueryResults results{
      "a \"dog\"", "", {{.id = 1, .score = 0.5F, .path = "/a.jpg"}, {.score = 0.25F, .path = "/b.png"}}};
  fs::path folder = folder_ / "new" / "result";
  write_results(folder, results, *catalog_);
  EXPECT_EQ(fs::read_symlink(folder / "0.jpg"), "/a.jpg");
  EXPECT_EQ(fs::read_symlink(folder / "1.jpg"), "/b.png");
  EXPECT_EQ(content_of(folder / "results.json"),
            R"({"clipseek_results":1,"text":"a \"dog\"","url":"","results":[{"rank":1,"score":0.5,"path":"/a.jpg"},)"
            R"({"rank":2,"score":0.25,"path":"/b.png"}]})"
            "\n");
  results.hits.pop_back();
  write_results(folder, results, *catalog_);  // replaces its own files
  EXPECT_FALSE(fs::is_symlink(folder / "1.jpg"));
  EXPECT_EQ(content_of(folder / "results.json").find("b.png"), std::string::npos);
}

TEST_F(VisualMemoryTest, AResultIsAFileWhereOnlyAThumbnailExists) {
  ClipItem item = frame(1, 0);
  add_extra(item, kThumbnailKey, jpeg_url(small_jpeg()));
  VisualMemory store = memory(2);
  EXPECT_TRUE(store.take(item));
  EXPECT_TRUE(store.take(frame(2, 1)));  // an encoder that sends no thumbnails
  fs::path folder = folder_ / "result";
  write_results(folder, {"x", "", catalog_->search(item.feature, 2)}, *catalog_);
  EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(folder / "0.jpg")));
  EXPECT_EQ(content_of(folder / "0.jpg"), small_jpeg());
  EXPECT_EQ(fs::read_symlink(folder / "1.jpg"), "ros:/image_raw/1700000002.500000000");
  write_results(folder, {"x", "", {}}, *catalog_);
  EXPECT_FALSE(fs::exists(folder / "0.jpg"));
}

TEST_F(VisualMemoryTest, AForeignResultsFileIsNotReplaced) {
  fs::path folder = folder_ / "result";
  fs::create_directories(folder);
  std::ofstream(folder / "results.json") << "{}";
  EXPECT_THROW(write_results(folder, {"x", "", {}}, *catalog_), Error);
  EXPECT_EQ(content_of(folder / "results.json"), "{}");
  fs::remove(folder / "results.json");
  fs::create_symlink("/etc/hostname", folder / "results.json");
  EXPECT_THROW(write_results(folder, {"x", "", {}}, *catalog_), Error);
}

}  // namespace
}  // namespace clipseek::nodes
