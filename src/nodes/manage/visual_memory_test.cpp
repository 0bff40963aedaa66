// Storing items that arrive on a topic, and the result folder of a query.
#include "nodes/manage/visual_memory.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "base/json.h"
#include "catalog/testing/fake_encoder.h"
#include "clipseek/error.h"
#include "nodes/manage/result_folder.h"
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

  VisualMemory memory(float threshold) { return VisualMemory(*catalog_, encoder_.info(), threshold, logger_); }

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
  std::size_t stored() { return catalog_->stats().items; }

  fs::path folder_;
  catalog::FakeEncoder encoder_;
  std::unique_ptr<Catalog> catalog_;
  static std::shared_ptr<ros2::LogOutput> silence() {
    ros2::Arguments quiet;
    quiet.console_logs = quiet.file_logs = false;
    return std::make_shared<ros2::LogOutput>(quiet);
  }
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

std::string content_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST_F(VisualMemoryTest, ResultsAreLinksAndJson) {
  QueryResults results{
      "a \"dog\"", "", {{.id = 1, .score = 0.5F, .path = "/a.jpg"}, {.score = 0.25F, .path = "/b.png"}}};
  fs::path folder = folder_ / "new" / "result";
  write_results(folder, results);
  EXPECT_EQ(fs::read_symlink(folder / "0.jpg"), "/a.jpg");
  EXPECT_EQ(fs::read_symlink(folder / "1.jpg"), "/b.png");
  EXPECT_EQ(content_of(folder / "results.json"),
            R"({"clipseek_results":1,"text":"a \"dog\"","url":"","results":[{"rank":1,"score":0.5,"path":"/a.jpg"},)"
            R"({"rank":2,"score":0.25,"path":"/b.png"}]})"
            "\n");
  results.hits.pop_back();
  write_results(folder, results);  // replaces its own files
  EXPECT_FALSE(fs::is_symlink(folder / "1.jpg"));
  EXPECT_EQ(content_of(folder / "results.json").find("b.png"), std::string::npos);
}

TEST_F(VisualMemoryTest, AForeignResultsFileIsNotReplaced) {
  fs::path folder = folder_ / "result";
  fs::create_directories(folder);
  std::ofstream(folder / "results.json") << "{}";
  EXPECT_THROW(write_results(folder, {"x", "", {}}), Error);
  EXPECT_EQ(content_of(folder / "results.json"), "{}");
  fs::remove(folder / "results.json");
  fs::create_symlink("/etc/hostname", folder / "results.json");
  EXPECT_THROW(write_results(folder, {"x", "", {}}), Error);
}

}  // namespace
}  // namespace clipseek::nodes
