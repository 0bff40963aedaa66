// The vocabulary that the layout of a folder requires, and the errors where it is missing, of another type or too
// large.
#include "clip/load_tokenizer.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "clipseek/error.h"

namespace clipseek::clip {
namespace {

namespace fs = std::filesystem;

const fs::path kGolden = fs::path(CLIPSEEK_SOURCE_DIR) / "tests/golden/clip";

// A copy of a golden folder without its weights.
class VocabularyFolder : public testing::Test {
 protected:
  VocabularyFolder()
      : folder_(testing::TempDir() + "clipseek_vocabulary_" +
                testing::UnitTest::GetInstance()->current_test_info()->name()) {}
  ~VocabularyFolder() override { fs::remove_all(folder_); }

  void copy(const char* model) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    for (const auto& entry : fs::directory_iterator(kGolden / model)) {
      if (entry.path().extension() != ".safetensors") fs::copy(entry.path(), folder_);
    }
  }
  LoadedTokenizer load() const { return load_tokenizer(folder_, read_model_config(folder_)); }
  std::string error_of(ErrorCode code) const {
    try {
      load();
    } catch (const Error& error) {
      EXPECT_EQ(error_info(error.code()).name, error_info(code).name) << error.what();
      std::string message = error.what();
      const std::size_t at = message.find(folder_.string());
      return at == std::string::npos ? message : message.replace(at, folder_.string().size(), "FOLDER");
    }
    ADD_FAILURE() << "no error";
    return "";
  }

  fs::path folder_;
};

TEST_F(VocabularyFolder, MissingFilesAreNamedForEachLayout) {
  copy("open_clip");
  fs::remove(folder_ / "vocab.json");
  EXPECT_EQ(error_of(ErrorCode::kNotFound),
            "no vocabulary in FOLDER: it has neither vocab.json and merges.txt nor tokenizer.json");
  copy("siglip");
  fs::remove(folder_ / "spiece.model");
  EXPECT_EQ(error_of(ErrorCode::kNotFound),
            "no vocabulary in FOLDER: it has none of spiece.model, tokenizer.model and tokenizer.json");
  copy("chinese_clip");
  fs::remove(folder_ / "vocab.txt");
  EXPECT_EQ(error_of(ErrorCode::kNotFound), "no vocabulary in FOLDER: it has no vocab.txt");
}

TEST_F(VocabularyFolder, ATokenizerJsonOfAnotherTypeIsNamed) {
  copy("open_clip");
  fs::remove(folder_ / "vocab.json");
  fs::copy(kGolden / "siglip2/tokenizer.json", folder_);
  EXPECT_EQ(error_of(ErrorCode::kUnsupported),
            "FOLDER/tokenizer.json: model.end_of_word_suffix is not \"</w>\", unlike CLIP's tokenizer");
}

TEST_F(VocabularyFolder, SiglipsTwoVersionsPadAndLoadByTheirFiles) {
  copy("siglip");
  EXPECT_EQ(read_model_config(folder_).text.pad_token, 1);
  copy("siglip2");
  EXPECT_EQ(read_model_config(folder_).text.pad_token, 0);
  const std::string text = "The Dogs, the dog!";
  const std::vector<text::TokenId> ids = load().value->encode(text, 64);
  fs::remove(folder_ / "tokenizer.json");
  fs::copy(fs::path(CLIPSEEK_SOURCE_DIR) / "tests/golden/text/gemma.model", folder_ / "tokenizer.model");
  EXPECT_EQ(load().value->encode(text, 64), ids);
}

TEST_F(VocabularyFolder, AVocabularyLargerThanTheEmbeddingTableIsRefused) {
  copy("chinese_clip");
  std::ofstream(folder_ / "vocab.txt", std::ios::app) << "one_too_many\n";
  const std::string message = error_of(ErrorCode::kModelMismatch);
  EXPECT_NE(message.find("where the config states vocab_size"), std::string::npos) << message;
}

TEST_F(VocabularyFolder, TheDigestFollowsTheFile) {
  copy("chinese_clip");
  const std::string digest = load().digest;
  EXPECT_EQ(load().digest, digest);
  fs::copy_file(kGolden / "chinese_clip/config.json", folder_ / "other.json");
  EXPECT_EQ(load().digest, digest);
  fs::remove(folder_ / "vocab.txt");
  std::ofstream(folder_ / "vocab.txt") << "[CLS]\n[SEP]\n[UNK]\na\n";
  EXPECT_NE(load().digest, digest);
}

// Layer options that open_clip's configs may state and this reader does not implement: the model must be refused.
TEST_F(VocabularyFolder, OpenClipOptionsThatChangeTheTowersAreRefusedByName) {
  for (const char* option :
       {"\"norm_kwargs\": {\"eps\": 1e-6}", "\"qk_norm\": true", "\"scale_fc\": true", "\"ls_init_value\": 0.1",
        "\"block_type\": \"custom\"", "\"timm_model_name\": \"vit_base_patch16_siglip_224\""}) {
    copy("open_clip");
    std::ifstream original(kGolden / "open_clip/open_clip_config.json");
    std::string config((std::istreambuf_iterator<char>(original)), std::istreambuf_iterator<char>());
    const std::string vision = "\"vision_cfg\": {";
    config.insert(config.find(vision) + vision.size(), std::string(option) + ",");
    std::ofstream(folder_ / "open_clip_config.json") << config;
    const std::string name(option + 1, std::string_view(option).find('"', 1) - 1);
    EXPECT_NE(error_of(ErrorCode::kUnsupported).find("model_cfg.vision_cfg." + name), std::string::npos) << option;
  }
}

}  // namespace
}  // namespace clipseek::clip
