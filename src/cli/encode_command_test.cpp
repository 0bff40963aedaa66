#include <gtest/gtest.h>

#include <sstream>

#include "cli/commands.h"

namespace clipseek::cli {
namespace {

// Encodes a picture as the length of its path, in reverse order; fails for a path that contains "bad".
class ReverseOrderEncoder : public Encoder {
 public:
  const EncoderInfo& info() const override { return info_; }
  void encode_images(const NextImage& next, const ImageDone& done, std::stop_token /*stop*/ = {}) override {
    std::vector<ImageInput> inputs;
    while (auto input = next()) inputs.push_back(*std::move(input));
    for (auto input = inputs.rbegin(); input != inputs.rend(); ++input) {
      if (input->path.find("bad") != std::string::npos) {
        done({input->id, Error(ErrorCode::kCorrupt, input->path + ": truncated")});
      } else {
        done({input->id, EncodedImage{{static_cast<float>(input->path.size()), 0}, 1, 1}});
      }
    }
  }
  Embedding encode_text(std::string_view text, std::stop_token /*stop*/ = {}) override {
    return {0, static_cast<float>(text.size())};
  }

 private:
  EncoderInfo info_;
};

class EncodeCommandTest : public testing::Test {
 protected:
  int encode(std::vector<EncodeInput> inputs) {
    ReverseOrderEncoder encoder;
    return encode_inputs(encoder, {.model = {}, .json = true, .inputs = std::move(inputs)}, {out_, err_, {}, {}});
  }
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(EncodeCommandTest, PrintsInTheOrderGiven) {
  EXPECT_EQ(encode({{true, "a"}, {false, "xyz"}, {true, "bb"}, {false, ""}, {true, "ccc"}}), 0);
  EXPECT_EQ(out_.str(),
            "{\"type\":\"image\",\"image\":\"a\",\"feature\":[1,0]}\n"
            "{\"type\":\"text\",\"text\":\"xyz\",\"feature\":[0,3]}\n"
            "{\"type\":\"image\",\"image\":\"bb\",\"feature\":[2,0]}\n"
            "{\"type\":\"text\",\"text\":\"\",\"feature\":[0,0]}\n"
            "{\"type\":\"image\",\"image\":\"ccc\",\"feature\":[3,0]}\n");
  EXPECT_EQ(err_.str(), "");
}

TEST_F(EncodeCommandTest, NamesABadPictureAndPrintsTheRest) {
  EXPECT_EQ(encode({{true, "a"}, {true, "bad"}, {true, "bb"}}), 3);
  EXPECT_EQ(out_.str(),
            "{\"type\":\"image\",\"image\":\"a\",\"feature\":[1,0]}\n"
            "{\"type\":\"image\",\"image\":\"bb\",\"feature\":[2,0]}\n");
  EXPECT_EQ(err_.str(), "clipseek: error: bad: truncated\n");
}

}  // namespace
}  // namespace clipseek::cli
