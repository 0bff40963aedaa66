// Compares with the ids of openai/CLIP for its own vocabulary. These files are not part of the repository:
// $CLIPSEEK_REFERENCE or ../shared/reference holds clip-bpe/bpe_simple_vocab_16e6.txt.gz and clip-bpe/tokens.jsonl.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <array>
#include <cstdio>
#include <filesystem>

#include "text/bpe.h"
#include "text/testing/golden_test_data.h"

namespace clipseek::text {
namespace {

constexpr std::size_t kMergeCount = 48'894;

std::filesystem::path reference_folder() {
  const char* folder = std::getenv("CLIPSEEK_REFERENCE");
  return std::filesystem::path(folder != nullptr ? folder : CLIPSEEK_SOURCE_DIR "/../shared/reference") / "clip-bpe";
}

std::string unzipped(const std::filesystem::path& path) {
  setenv("CLIPSEEK_TEST_FILE", path.c_str(), 1);  // so that the shell does not interpret the name
  FILE* pipe = popen("gzip -dc \"$CLIPSEEK_TEST_FILE\"", "r");
  std::string text;
  std::array<char, 65536> buffer;
  while (const std::size_t size = pipe ? fread(buffer.data(), 1, buffer.size(), pipe) : 0)
    text.append(buffer.data(), size);
  EXPECT_EQ(pipe ? pclose(pipe) : -1, 0);
  return text;
}

// Returns the vocabulary in the order of a Hugging Face checkpoint's vocab.json: first the 256 bytes, those that stand
// for themselves before the others, then the same with "</w>", the merges and the special tokens.
BpeVocabulary clip_vocabulary() {
  std::string merges = unzipped(reference_folder() / "bpe_simple_vocab_16e6.txt.gz");
  merges.erase(0, merges.find('\n') + 1);  // the heading
  std::size_t end = 0;
  for (std::size_t line = 0; line < kMergeCount; ++line) end = merges.find('\n', end) + 1;
  merges.resize(end);

  base::Json::Object ids;
  const auto add = [&](std::string token) { ids.emplace_back(std::move(token), ids.size()); };
  for (const char* suffix : {"", "</w>"}) {
    for (const bool itself : {true, false}) {
      for (unsigned byte = 0; byte < 256; ++byte) {
        const char32_t spelling = byte_spelling(static_cast<unsigned char>(byte));
        if ((spelling == byte) == itself) add(to_utf8(std::u32string(1, spelling)) + suffix);
      }
    }
  }
  for (const auto& [left, right] : parse_bpe_vocabulary("{}", "", merges, "merges").merges) add(left + right);
  add("<|startoftext|>");
  add("<|endoftext|>");
  return parse_bpe_vocabulary(base::Json(ids).dump(), "vocab.json", merges, "merges.txt");
}

TEST(Reference, SameIdsAsOpenaiClip) {
  const std::filesystem::path tokens = reference_folder() / "tokens.jsonl";
  if (!std::filesystem::exists(tokens)) GTEST_SKIP() << "no reference data: " << tokens << "; set CLIPSEEK_REFERENCE";
  const BpeVocabulary vocabulary = clip_vocabulary();
  ASSERT_EQ(vocabulary.tokens.size(), 49'408U);
  ASSERT_EQ(vocabulary.merges.size(), kMergeCount);
  const BpeTokenizer tokenizer(vocabulary, "CLIP");
  EXPECT_EQ(tokenizer.end_id(), 49'407);
  EXPECT_EQ(tokenizer.max_id(), 49'407);

  std::size_t compared = 0;
  for (const base::Json& row : parse_json_lines(base::read_text_file(tokens, 1 << 24))) {
    if (!row.find("ftfy_noop")->as_bool("ftfy_noop")) continue;  // ftfy changed the text; this tokenizer does not
    EXPECT_EQ(tokenizer.encode(row.find("text")->as_string("text"), 77), token_ids(*row.find("ids"))) << row.dump();
    ++compared;
  }
  EXPECT_GT(compared, 1000U);
}

}  // namespace
}  // namespace clipseek::text
