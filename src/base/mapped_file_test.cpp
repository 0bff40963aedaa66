#include "base/mapped_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "clipseek/error.h"

namespace clipseek::base {
namespace {

class MappedFileTest : public testing::Test {
 protected:
  MappedFileTest()
      : folder_(testing::TempDir() + "clipseek_mapped_file_" +
                testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::filesystem::create_directories(folder_);
  }
  ~MappedFileTest() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }
  template <typename Function>
  ErrorCode code_of(Function&& function) {
    try {
      function();
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find(folder_.string()), std::string::npos) << error.what();
      return error.code();
    }
    return ErrorCode::kInternal;
  }
  std::filesystem::path folder_;
};

TEST_F(MappedFileTest, MapsContentAndMoves) {
  MappedFile file(write("a", "hello"));
  MappedFile moved = std::move(file);
  EXPECT_EQ(moved.bytes().size(), 5U);
  EXPECT_EQ(static_cast<char>(moved.bytes()[4]), 'o');
  EXPECT_TRUE(MappedFile(write("empty", "")).bytes().empty());
}

TEST_F(MappedFileTest, SaysWhatIsWrongWithAPath) {
  EXPECT_EQ(code_of([&] { MappedFile(folder_ / "none"); }), ErrorCode::kNotFound);
  EXPECT_EQ(code_of([&] { MappedFile file(folder_); }), ErrorCode::kCorrupt);
  EXPECT_EQ(code_of([&] { read_file(write("long", "12345"), 4); }), ErrorCode::kLimitExceeded);
}

TEST_F(MappedFileTest, NeverWaitsForAFifo) {
  ASSERT_EQ(mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(code_of([&] { read_file(folder_ / "pipe", 100); }), ErrorCode::kCorrupt);
}

// Values from the xxhsum 0.8.1 command: `printf hello | xxhsum -H128`.
TEST(ContentHash, IsXxh3Of128Bits) {
  std::string text = "hello";
  EXPECT_EQ(content_hash(std::as_bytes(std::span(text))), "b5e9c1ad071b3e7fc779cfaa5e523818");
}

}  // namespace
}  // namespace clipseek::base
