// Compares models of the other layouts, golden folders with random weights, with the embeddings that
// tools/reference/make_golden.py computed for them.
#include <gtest/gtest.h>

#include "base/json.h"
#include "base/mapped_file.h"
#include "clip/checkpoint.h"
#include "clip/image_tower.h"
#include "clip/text_tower.h"
#include "clipseek/error.h"
#include "clipseek/model.h"
#include "image/preprocess.h"
#include "nn/hardware.h"

namespace clipseek::clip {
namespace {

namespace fs = std::filesystem;

const fs::path kGolden = fs::path(CLIPSEEK_SOURCE_DIR) / "tests/golden/clip";

double cosine(const Embedding& a, const base::Json& b) {
  const base::Json::Array& numbers = b.as_array("feature");
  EXPECT_EQ(a.size(), numbers.size());
  double dot = 0;
  for (std::size_t i = 0; i < a.size() && i < numbers.size(); ++i) dot += a[i] * numbers[i].as_number("feature");
  return dot;
}

std::vector<text::TokenId> ids_of(const base::Json& text) {
  std::vector<text::TokenId> ids;
  for (const base::Json& id : text.find("ids")->as_array("ids"))
    ids.push_back(static_cast<text::TokenId>(id.as_integer("id")));
  return ids;
}

struct Family {
  const char* folder;
  Layout layout;
  nn::Precision precision;
};
void PrintTo(const Family& tried, std::ostream* out) {
  *out << tried.folder;
}

class GoldenFamily : public testing::TestWithParam<Family> {
 protected:
  GoldenFamily()
      : folder_(kGolden / GetParam().folder),
        config_(read_model_config(folder_)),
        file_(folder_ / weight_file_name(config_.layout)),
        expected_(base::Json::parse(base::read_text_file(folder_ / "expected.json", 1 << 20), "expected.json")) {}

  void SetUp() override {
    if (!nn::supports(GetParam().precision)) GTEST_SKIP() << "this CPU has no bf16 matrix products";
    EXPECT_EQ(config_.layout, GetParam().layout);
  }
  double min_cosine(double exact) const { return GetParam().precision == nn::Precision::kF32 ? exact : 0.995; }

  fs::path folder_;
  ModelConfig config_;
  nn::SafetensorsFile file_;
  base::Json expected_;
  nn::Workspace workspace_;
};

TEST_P(GoldenFamily, TextsMatchTheReference) {
  TextTower tower(file_, config_, GetParam().precision);
  for (const base::Json& text : expected_.find("texts")->as_array("texts")) {
    const std::vector<text::TokenId> ids = ids_of(text);
    EXPECT_GE(cosine(tower.encode(workspace_, ids), *text.find("feature")), min_cosine(0.999999)) << ids.size();
  }
}

TEST_P(GoldenFamily, AModelEncodesTextsWithItsOwnVocabulary) {
  const bool f32 = GetParam().precision == nn::Precision::kF32;
  const auto model = Model::open(folder_, {f32 ? PrecisionChoice::kF32 : PrecisionChoice::kBf16, 1});
  for (const base::Json& row : expected_.find("texts")->as_array("texts")) {
    const std::string& text = row.find("text")->as_string("text");
    EXPECT_EQ(model->tokenize(text), ids_of(row)) << text;
    EXPECT_GE(cosine(model->encode_text(text), *row.find("feature")), min_cosine(0.999999)) << text;
  }
}

TEST_P(GoldenFamily, PicturesMatchTheReference) {
  ImageTower tower(file_, config_, GetParam().precision);
  std::vector<float> pixels(3U * static_cast<unsigned>(config_.image.image * config_.image.image));
  for (const auto& [name, feature] : expected_.find("images")->as_object("images")) {
    Picture picture = decode_picture(base::read_file(kGolden / name, 1 << 24), name);
    image::preprocess(picture, config_.preprocess, pixels);
    EXPECT_GE(cosine(tower.encode(workspace_, pixels, 1).front(), feature), min_cosine(0.9999)) << name;
  }
}

TEST_P(GoldenFamily, LayersBeyondThoseOfTheConfigAreRefused) {
  const auto message_of = [&](const auto& find, nn::TransformerConfig& tower) -> std::string {
    --tower.layers;
    try {
      find(file_, config_);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kModelMismatch);
      return error.what();
    }
    return "no error";
  };
  const std::string end = ", but the config states 1 layer";
  EXPECT_TRUE(message_of(find_text_tower, config_.text.transformer).ends_with(end));
  EXPECT_TRUE(message_of(find_image_tower, config_.image.transformer).ends_with(end));
}

// A picture must get the same embedding in a batch as alone.
TEST_P(GoldenFamily, ABatchGivesTheSameEmbeddings) {
  ImageTower tower(file_, config_, GetParam().precision);
  const std::size_t size = 3U * static_cast<unsigned>(config_.image.image * config_.image.image);
  std::vector<float> pixels(3 * size);
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<float>(i * 37 % 101) / 50.0F - 1.0F;
  std::vector<Embedding> together = tower.encode(workspace_, pixels, 3);
  for (std::size_t b = 0; b < 3; ++b) {
    Embedding alone = tower.encode(workspace_, std::span(pixels).subspan(b * size, size), 1).front();
    double dot = 0;
    for (std::size_t i = 0; i < alone.size(); ++i) dot += static_cast<double>(alone[i]) * together[b][i];
    EXPECT_GE(dot, min_cosine(0.999999));
  }
}

INSTANTIATE_TEST_SUITE_P(Layouts, GoldenFamily,
                         testing::Values(Family{"open_clip", Layout::kOpenClip, nn::Precision::kF32},
                                         Family{"open_clip", Layout::kOpenClip, nn::Precision::kBf16},
                                         Family{"open_clip_custom_text", Layout::kOpenClip, nn::Precision::kF32},
                                         Family{"siglip", Layout::kSiglip, nn::Precision::kF32},
                                         Family{"siglip", Layout::kSiglip, nn::Precision::kBf16},
                                         Family{"siglip2", Layout::kSiglip, nn::Precision::kF32},
                                         Family{"chinese_clip", Layout::kChineseClip, nn::Precision::kF32},
                                         Family{"chinese_clip", Layout::kChineseClip, nn::Precision::kBf16}),
                         [](const auto& test) {
                           return std::string(test.param.folder) +
                                  (test.param.precision == nn::Precision::kF32 ? "_f32" : "_bf16");
                         });

}  // namespace
}  // namespace clipseek::clip
