// The one interface to a model: pictures and sentences in, embeddings of one space out. The local model, the remote
// action client and the tests' fake implement it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"
#include "image/picture.h"

namespace clipseek {

// A vector of EncoderInfo::dimension numbers, of length 1: the cosine of two embeddings is their dot product.
using Embedding = std::vector<float>;

struct EncoderInfo {
  std::string name;  // for people: the model folder's name
  std::string
      fingerprint;    // identifies weights, vocabulary and preprocessing; see docs/formats.md, "Model fingerprint"
  int dimension = 0;  // numbers in an embedding
  float logit_scale = 100;  // exp(logit_scale): softmax(logit_scale * cosine) ranks candidates as CLIP was trained to
};

// A picture to encode: decoded where there is a `picture`, else in `bytes`, and where these are empty the encoder reads
// `path` itself.
struct ImageInput {
  std::size_t id = 0;  // the caller's; comes back with the result
  std::string path;
  std::vector<std::byte> bytes;
  std::int64_t max_pixels = 256'000'000;  // a larger one is refused before it is decoded
  std::optional<Picture> picture{};
};

struct EncodedImage {
  Embedding embedding;
  int width = 0;  // of the picture as a person sees it (after its EXIF turn), in pixels
  int height = 0;
};

struct ImageResult {
  std::size_t id = 0;
  std::variant<EncodedImage, Error> outcome;
};

using NextImage = std::function<std::optional<ImageInput>()>;
using ImageDone = std::function<void(ImageResult)>;

class Encoder {
 public:
  virtual ~Encoder() = default;

  virtual const EncoderInfo& info() const = 0;

  // Encodes every picture that `next` gives until it gives none, and reports each exactly once through `done`, in any
  // order. Both are called from several threads at once and must be thread-safe. A picture that cannot be encoded is
  // reported as its Error and the rest goes on. An exception out of `next` or `done` stops the work and is rethrown
  // here. One call at a time for each Encoder.
  virtual void encode_images(const NextImage& next, const ImageDone& done) = 0;

  // Text longer than the model's context is cut, its end token kept. Any bytes are accepted. Any thread may call this,
  // also while encode_images runs.
  virtual Embedding encode_text(std::string_view text) = 0;

  // One picture through encode_images. Throws the picture's Error.
  EncodedImage encode_image(ImageInput input);
};

}  // namespace clipseek
