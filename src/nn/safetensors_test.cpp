#include "nn/safetensors.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "clipseek/error.h"

namespace clipseek::nn {
namespace {

class SafetensorsTest : public testing::Test {
 protected:
  SafetensorsTest()
      : path_(testing::TempDir() + "clipseek_" + testing::UnitTest::GetInstance()->current_test_info()->name() +
              ".safetensors") {}
  ~SafetensorsTest() override { std::filesystem::remove(path_); }

  // Writes a file of the header's length, the header and `data` zero bytes.
  void write(const std::string& header, std::size_t data) { write(header, data, header.size()); }
  void write(const std::string& header, std::size_t data, std::uint64_t claimed) {
    std::ofstream file(path_, std::ios::binary);
    for (int i = 0; i < 8; ++i) file.put(static_cast<char>(claimed >> (8 * i) & 0xffU));
    file << header << std::string(data, '\0');
  }
  std::string error_of(ErrorCode code) {
    try {
      SafetensorsFile file(path_);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code) << error.what();
      EXPECT_NE(std::string(error.what()).find(path_.filename().string()), std::string::npos) << error.what();
      return error.what();
    }
    ADD_FAILURE() << "no error";
    return "";
  }

  std::filesystem::path path_;
};

TEST_F(SafetensorsTest, FindsTensorsByNameAndShape) {
  write(R"({"__metadata__":{"format":"pt"},"a":{"dtype":"F16","shape":[2,3],"data_offsets":[4,16]},)"
        R"("s":{"dtype":"F32","shape":[],"data_offsets":[0,4]}})",
        16);
  SafetensorsFile file(path_);
  EXPECT_EQ(file.tensors().size(), 2U);
  EXPECT_EQ(file.get("a", {2, 3}).bytes.size(), 12U);
  EXPECT_EQ(file.get("s", {}).elements(), 1);
  EXPECT_EQ(file.find("b"), nullptr);
}

TEST_F(SafetensorsTest, NamesTheTensorThatDoesNotFit) {
  write(
      R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"i":{"dtype":"I64","shape":[1],"data_offsets":[8,16]}})",
      16);
  SafetensorsFile file(path_);
  auto message = [&](const std::string& name, std::vector<std::int64_t> shape) -> std::string {
    try {
      file.get(name, shape);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  };
  EXPECT_NE(message("a", {3}).find("tensor a is [2] where the config requires [3]"), std::string::npos);
  EXPECT_NE(message("b", {3}).find("has no tensor b"), std::string::npos);
  EXPECT_NE(message("i", {1}).find("tensor i is neither F32, F16 nor BF16"), std::string::npos);
}

TEST_F(SafetensorsTest, RefusesAFileThatIsNotSafetensors) {
  std::ofstream(path_) << "short";
  error_of(ErrorCode::kCorrupt);
  write("{}", 0, 1'000);
  EXPECT_NE(error_of(ErrorCode::kCorrupt).find("cut short"), std::string::npos);
  write("{}", 0, ~std::uint64_t{0});
  error_of(ErrorCode::kCorrupt);
  write("not JSON", 0);
  error_of(ErrorCode::kCorrupt);
  write("[1]", 0);
  error_of(ErrorCode::kCorrupt);
}

TEST_F(SafetensorsTest, RefusesInvalidTensorEntries) {
  struct Case {
    const char* header;
    const char* reason;
    ErrorCode code = ErrorCode::kCorrupt;
  };
  const Case cases[] = {
      {R"({"w":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}})", "tensor w lies outside the file"},
      {R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})", "tensor w lies outside the file"},
      {R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}})", "tensor w lies outside the file"},
      {R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}})", "tensor w has 8 bytes where its shape needs 4"},
      {R"({"w":{"dtype":"F32","shape":[-1],"data_offsets":[0,8]}})", "tensor w has an impossible shape"},
      {R"({"w":{"dtype":"F32","shape":[4294967296,4294967296,4],"data_offsets":[0,8]}})", "impossible shape"},
      {R"({"w":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,2],"data_offsets":[0,8]}})", "too many dimensions"},
      {R"({"w":{"dtype":"F99","shape":[2],"data_offsets":[0,8]}})", "unknown dtype F99", ErrorCode::kUnsupported},
      {R"({"w":{"dtype":"F32","shape":[2]}})", "tensor w has no data_offsets"},
      {R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0]}})", "not a pair"},
      {R"({"w":{"dtype":"F32","shape":2,"data_offsets":[0,8]}})", "shape is not an array"},
      {R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
       "tensor w is listed twice"},
      {R"({"v":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
       "tensors v and w share bytes"},
  };
  for (const Case& bad : cases) {
    write(bad.header, 8);
    EXPECT_NE(error_of(bad.code).find(bad.reason), std::string::npos) << bad.header;
  }
}

// Values from Python's struct.pack("<e", ...) and numpy.
TEST(ToF32, WidensHalfAndBfloatExactly) {
  const std::uint16_t half[] = {0x0000, 0x8000, 0x3c00, 0xc000, 0x7bff, 0x0001, 0x03ff, 0x7c00, 0xfc00, 0x3555};
  TensorView tensor{"t", DType::kF16, {10}, std::as_bytes(std::span(half))};
  const std::vector<float> expected = {0.0F,           -0.0F,         1.0F,     -2.0F,     65504.0F,
                                       5.9604645e-08F, 6.097555e-05F, INFINITY, -INFINITY, 0.33325195F};
  EXPECT_EQ(to_f32(tensor), expected);
  const std::uint16_t bfloat[] = {0x3f80, 0xc000, 0x7f7f, 0x0001};
  TensorView other{"t", DType::kBf16, {4}, std::as_bytes(std::span(bfloat))};
  EXPECT_EQ(to_f32(other), (std::vector<float>{1.0F, -2.0F, 3.3895314e38F, 9.1835e-41F}));
}

}  // namespace
}  // namespace clipseek::nn
