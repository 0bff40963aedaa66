// Compares the golden models, which have random weights, with the embeddings that tools/reference/make_golden.py
// (PyTorch, Pillow) computed for them.
#include "clipseek/model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <barrier>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>

#include "base/json.h"
#include "base/mapped_file.h"
#include "base/parallel.h"
#include "nn/hardware.h"

namespace clipseek::clip {
namespace {

namespace fs = std::filesystem;

const fs::path kGolden = fs::path(CLIPSEEK_SOURCE_DIR) / "tests/golden/clip";

double cosine(const Embedding& a, const base::Json::Array& b) {
  double dot = 0;
  double squares = 0;
  EXPECT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    dot += a[i] * b[i].as_number("golden");
    squares += a[i] * static_cast<double>(a[i]);
  }
  EXPECT_NEAR(squares, 1, 1e-5);
  return dot;
}

std::vector<std::int32_t> ids_of(const base::Json& text) {
  std::vector<std::int32_t> ids;
  for (const base::Json& id : text.find("ids")->as_array("ids"))
    ids.push_back(static_cast<std::int32_t>(id.as_integer("id")));
  return ids;
}

struct Case {
  const char* model;
  PrecisionChoice precision;
};
void PrintTo(const Case& tried, std::ostream* out) {
  *out << tried.model;
}

class GoldenModel : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    if (GetParam().precision == PrecisionChoice::kBf16 && !nn::supports(nn::Precision::kBf16)) {
      GTEST_SKIP() << "this CPU has no bf16 matrix products";
    }
    model_ = Model::open(kGolden / GetParam().model, {GetParam().precision, 2});
    expected_ =
        base::Json::parse(base::read_text_file(kGolden / GetParam().model / "expected.json", 1 << 20), "expected.json");
  }
  double min_cosine(double lossless) const { return GetParam().precision == PrecisionChoice::kF32 ? lossless : 0.995; }

  std::unique_ptr<Model> model_;
  base::Json expected_;
};

TEST_P(GoldenModel, TextsMatchTheReference) {
  for (const base::Json& text : expected_.find("texts")->as_array("texts")) {
    std::vector<std::int32_t> ids = ids_of(text);
    double c = cosine(model_->encode_tokens(ids), text.find("feature")->as_array("feature"));
    EXPECT_GE(c, min_cosine(0.999999)) << ids.size() << " tokens";
  }
}

TEST_P(GoldenModel, PicturesMatchTheReference) {
  for (const auto& [file, feature] : expected_.find("images")->as_object("images")) {
    EncodedImage image = model_->encode_image({0, (kGolden / file).string(), {}});
    double c = cosine(image.embedding, feature.as_array("feature"));
    EXPECT_GE(c, min_cosine(file.ends_with(".jpg") ? 0.998 : 0.9999)) << file;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Precisions, GoldenModel,
    testing::Values(Case{"quick_gelu", PrecisionChoice::kF32}, Case{"gelu", PrecisionChoice::kF32},
                    Case{"gelu_tanh", PrecisionChoice::kF32}, Case{"quick_gelu", PrecisionChoice::kBf16},
                    Case{"gelu", PrecisionChoice::kBf16}, Case{"gelu_tanh", PrecisionChoice::kBf16}),
    [](const auto& test) {
      return std::string(test.param.model) + (test.param.precision == PrecisionChoice::kF32 ? "_f32" : "_bf16");
    });

TEST(Model, EncodesManyPicturesOnSeveralThreadsAndReportsTheBadOnes) {
  auto model = Model::open(kGolden / "quick_gelu", {PrecisionChoice::kF32, 3});
  const char* files[] = {"wide.png", "tall.png", "missing.png", "square.png", "quick_gelu/config.json"};
  constexpr std::size_t kCount = 100;
  std::mutex mutex;
  std::size_t next = 0;
  std::map<std::size_t, ImageResult> results;
  model->encode_images(
      [&]() -> std::optional<ImageInput> {
        std::lock_guard lock(mutex);
        if (next == kCount) return std::nullopt;
        std::size_t id = next++;
        return ImageInput{id, (kGolden / files[id % 5]).string(), {}};
      },
      [&](ImageResult result) {
        std::lock_guard lock(mutex);
        std::size_t id = result.id;
        EXPECT_TRUE(results.emplace(id, std::move(result)).second) << "reported twice";
      });
  ASSERT_EQ(results.size(), kCount);
  Embedding wide = model->encode_image({0, (kGolden / "wide.png").string(), {}}).embedding;
  for (const auto& [id, result] : results) {
    const Error* error = std::get_if<Error>(&result.outcome);
    if (id % 5 == 2) {
      ASSERT_TRUE(error);
      EXPECT_EQ(error->code(), ErrorCode::kNotFound);
    } else if (id % 5 == 4) {
      ASSERT_TRUE(error);
      EXPECT_EQ(error->code(), ErrorCode::kUnsupported);
      EXPECT_NE(std::string(error->what()).find("config.json"), std::string::npos);
    } else if (id % 5 == 0) {
      // The other pictures of a batch must not affect the embedding.
      const Embedding& embedding = std::get<EncodedImage>(result.outcome).embedding;
      double dot = 0;
      for (std::size_t i = 0; i < embedding.size(); ++i) dot += static_cast<double>(embedding[i]) * wide[i];
      EXPECT_GT(dot, 0.999999);
    }
  }
  EXPECT_EQ(std::get<EncodedImage>(results.at(1).outcome).width, 33);
  EXPECT_EQ(std::get<EncodedImage>(results.at(1).outcome).height, 120);
}

TEST(Model, RefusesTokenIdsThatItDoesNotHave) {
  auto model = Model::open(kGolden / "quick_gelu", {PrecisionChoice::kF32, 1});
  const auto context = static_cast<std::size_t>(model->details().context);
  const std::vector<std::int32_t> good = model->tokenize("a dog");
  EXPECT_EQ(model->encode_tokens(good).size(), static_cast<std::size_t>(model->info().dimension));
  for (const std::vector<std::int32_t>& bad :
       {std::vector<std::int32_t>{}, {good[0], -1}, {good[0], 1 << 30}, std::vector(context + 1, good[0])}) {
    try {
      model->encode_tokens(bad);
      ADD_FAILURE() << bad.size() << " tokens were encoded";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    }
  }
}

TEST(Model, EncodesPixelsThatTheCallerHas) {
  auto model = Model::open(kGolden / "quick_gelu", {PrecisionChoice::kF32, 1});
  ImageInput frame{.path = "the camera"};
  frame.picture = Picture{.width = 3, .height = 2, .rgb = std::vector<std::uint8_t>(18, 200)};
  EncodedImage encoded = model->encode_image(frame);
  EXPECT_EQ(encoded.width, 3);
  EXPECT_EQ(encoded.height, 2);
  frame.picture->rgb.pop_back();
  try {
    model->encode_image(frame);
    ADD_FAILURE() << "a picture with too few pixels was encoded";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    EXPECT_STREQ(error.what(), "the camera: a picture of 3 x 2 pixels with 17 bytes of them");
  }
}

TEST(Model, AnExceptionOutOfNextStopsTheWork) {
  auto model = Model::open(kGolden / "quick_gelu", {PrecisionChoice::kF32, 2});
  auto next = []() -> std::optional<ImageInput> { throw Error(ErrorCode::kCancelled, "stop"); };
  EXPECT_THROW(model->encode_images(next, [](ImageResult) {}), Error);
}

TEST(Model, TextsFromSeveralThreadsAgree) {
  auto model = Model::open(kGolden / "gelu", {PrecisionChoice::kF32, 1});
  Embedding expected = model->encode_text("the red dog");
  base::run_workers(4, [&](int) {
    for (int i = 0; i < 20; ++i) EXPECT_EQ(model->encode_text("the red dog"), expected);
  });
}

std::size_t threads_of_this_process() {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator("/proc/self/task"), fs::directory_iterator()));
}

// Waking other threads would take longer than the text, whose weights are in the cache of one core.
TEST(Model, TextsOfASmallTowerUseTheCallersThreadOnly) {
  constexpr int kCallers = 6;
  auto model = Model::open(kGolden / "gelu", {PrecisionChoice::kF32, 3});
  std::barrier turn(kCallers);
  std::size_t before = 0;
  std::size_t most = 0;
  base::run_workers(kCallers, [&](int worker) {
    turn.arrive_and_wait();
    if (worker == 0) before = threads_of_this_process();  // all callers' threads have started
    turn.arrive_and_wait();
    for (int i = 0; i < kCallers; ++i) {
      if (i == worker) {
        model->encode_text("a cat");
        most = std::max(most, threads_of_this_process());
      }
      turn.arrive_and_wait();
    }
  });
  EXPECT_LE(most, before);
}

TEST(Model, TokenizesWithTheFoldersVocabularyAndCutsToTheContext) {
  auto model = Model::open(kGolden / "quick_gelu", {});
  std::vector<std::int32_t> ids = model->tokenize("The  red dog");
  EXPECT_EQ(ids, (std::vector<std::int32_t>{520, 519, 517, 513, 521}));
  EXPECT_EQ(model->tokenize(std::string(100, 'x') + " x x x x").size(), 16U);
}

// A copy of a golden folder that a test damages.
class DamagedModel : public testing::Test {
 protected:
  DamagedModel()
      : folder_(testing::TempDir() + "clipseek_damaged_" +
                testing::UnitTest::GetInstance()->current_test_info()->name()) {
    fs::remove_all(folder_);
    fs::copy(kGolden / "quick_gelu", folder_);
  }
  ~DamagedModel() override { fs::remove_all(folder_); }

  void replace(const char* file, const std::string& from, const std::string& to) {
    std::string text = base::read_text_file(folder_ / file, 1 << 26);
    std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    std::ofstream(folder_ / file, std::ios::binary) << text.replace(at, from.size(), to);
  }
  std::string error_of(ErrorCode code) {
    try {
      Model::open(folder_, {PrecisionChoice::kF32, 1});
    } catch (const Error& error) {
      EXPECT_EQ(error_info(error.code()).name, error_info(code).name) << error.what();
      return error.what();
    }
    ADD_FAILURE() << "no error";
    return "";
  }
  bool says(const std::string& message, const std::string& part) { return message.find(part) != std::string::npos; }

  fs::path folder_;
};

TEST_F(DamagedModel, MissingFilesAreNamed) {
  for (const char* file : {"model.safetensors", "merges.txt", "preprocessor_config.json", "config.json"}) {
    fs::rename(folder_ / file, folder_ / "elsewhere");
    EXPECT_TRUE(says(error_of(ErrorCode::kNotFound), file));
    fs::rename(folder_ / "elsewhere", folder_ / file);
  }
}

TEST_F(DamagedModel, AFolderThatCannotBeExaminedIsAnError) {
  folder_ /= std::string(300, 'x');  // longer than a file name may be
  EXPECT_TRUE(says(error_of(ErrorCode::kUnreadable), "xxx"));
  folder_ = folder_.parent_path();
}

TEST_F(DamagedModel, ACutWeightFileIsNamed) {
  fs::resize_file(folder_ / "model.safetensors", fs::file_size(folder_ / "model.safetensors") / 2);
  EXPECT_TRUE(says(error_of(ErrorCode::kCorrupt), "model.safetensors"));
}

TEST_F(DamagedModel, AConfigThatDisagreesNamesTheTensor) {
  replace("config.json", "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3");
  EXPECT_TRUE(says(error_of(ErrorCode::kModelMismatch), "text_model.encoder.layers.2.layer_norm1.weight"));
}

TEST_F(DamagedModel, AConfigOfFewerLayersNamesTheTensorBeyondThem) {
  replace("config.json", "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 1");
  std::string message = error_of(ErrorCode::kModelMismatch);
  EXPECT_TRUE(says(message, "model.safetensors has tensor text_model.encoder.layers.1.layer_norm1.weight")) << message;
  EXPECT_TRUE(says(message, "the config states 1 layer")) << message;
}

TEST_F(DamagedModel, AConfigOfAnotherWidthNamesTensorAndShapes) {
  replace("config.json", "\"projection_dim\": 24", "\"projection_dim\": 25");
  EXPECT_TRUE(says(error_of(ErrorCode::kModelMismatch),
                   "text_projection.weight is [24, 32] where the config requires [25, 32]"));
}

TEST_F(DamagedModel, UnknownArchitecturesAndActivationsAreNamed) {
  replace("config.json", "\"quick_gelu\"", "\"swiglu\"");
  EXPECT_TRUE(says(error_of(ErrorCode::kUnsupported), "swiglu"));
  replace("config.json", "\"model_type\": \"clip\"", "\"model_type\": \"blip\"");
  EXPECT_TRUE(says(error_of(ErrorCode::kUnsupported), "blip"));
}

TEST_F(DamagedModel, ImpossibleSizesAreRefusedBeforeAnyAllocation) {
  replace("config.json", "\"hidden_size\": 32", "\"hidden_size\": 999999999999");
  EXPECT_TRUE(says(error_of(ErrorCode::kLimitExceeded), "text_config.hidden_size is 999999999999"));
}

TEST_F(DamagedModel, AVocabularyThatDoesNotFitIsRefused) {
  replace("config.json", "\"eos_token_id\": 2", "\"eos_token_id\": 7");
  EXPECT_TRUE(says(error_of(ErrorCode::kModelMismatch), "eos_token_id 7"));
}

TEST_F(DamagedModel, UnsupportedPreprocessingIsRefused) {
  replace("preprocessor_config.json", "\"resample\": 3", "\"resample\": 1");
  EXPECT_TRUE(says(error_of(ErrorCode::kUnsupported), "resample is 1"));
}

TEST_F(DamagedModel, ALongestEdgeIsRefused) {
  replace("preprocessor_config.json", "\"shortest_edge\": 32", "\"shortest_edge\": 32, \"longest_edge\": 48");
  EXPECT_TRUE(says(error_of(ErrorCode::kUnsupported), "size.longest_edge is not supported"));
}

TEST_F(DamagedModel, AnotherRescaleFactorIsRefused) {
  replace("preprocessor_config.json", "\"do_resize\": true", "\"do_resize\": true, \"rescale_factor\": 0.5");
  EXPECT_TRUE(says(error_of(ErrorCode::kUnsupported), "rescale_factor is not 1/255"));
}

TEST_F(DamagedModel, TheFingerprintDependsOnWhatDeterminesAnEmbedding) {
  std::string original = Model::open(folder_)->info().fingerprint;
  EXPECT_EQ(original.size(), 32U);
  EXPECT_EQ(Model::open(kGolden / "quick_gelu")->info().fingerprint,
            original);  // it does not depend on the folder's name
  EXPECT_NE(Model::open(kGolden / "gelu")->info().fingerprint, original);
  replace("preprocessor_config.json", "0.48145466", "0.5");
  EXPECT_NE(Model::open(folder_)->info().fingerprint, original);
}

// Databases contain these values: after a change, stored vectors of such a model would not be found.
TEST(Fingerprint, StaysTheSameFromVersionToVersion) {
  const auto fingerprint_of = [](const char* folder) { return Model::open(kGolden / folder)->info().fingerprint; };
  EXPECT_EQ(fingerprint_of("quick_gelu"), "2db3d48ab254ed4fe560edeb1408d06e");
  EXPECT_EQ(fingerprint_of("open_clip"), "5751d7000b72dfd077d0cc034b5635b3");
}

TEST_F(DamagedModel, AChangedWeightChangesTheFingerprint) {
  std::string original = Model::open(folder_)->info().fingerprint;
  std::fstream file(folder_ / "model.safetensors", std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(-4, std::ios::end);
  file.write("\1\2\3\4", 4);
  file.close();
  EXPECT_NE(Model::open(folder_)->info().fingerprint, original);
}

}  // namespace
}  // namespace clipseek::clip
