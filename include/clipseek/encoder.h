// The interface to a model, which maps pictures and sentences to embeddings in one space. Model (clipseek/model.h) runs
// a checkpoint on this machine; programs may derive encoders of their own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "clipseek/error.h"
#include "clipseek/export.h"
#include "clipseek/picture.h"

namespace clipseek {

// A vector of EncoderInfo::dimension numbers, of length 1: the cosine of two embeddings is their dot product.
using Embedding = std::vector<float>;

// The cosine of two embeddings of one model, from -1 to 1. Throws Error kInvalidArgument when their lengths differ. Any
// thread.
CLIPSEEK_API float cosine(std::span<const float> a, std::span<const float> b);

// The properties of an Encoder, which do not change during its lifetime.
struct EncoderInfo {
  std::string name;         // for display: the model folder's name
  std::string fingerprint;  // identifies weights, vocabulary and preprocessing: docs/formats.md, "Model fingerprint"
  int dimension = 0;        // numbers in an embedding
  float logit_scale = 100;  // exp(logit_scale): softmax(logit_scale * cosine) ranks candidates as CLIP was trained to
};

// A picture to encode: the pixels in `picture` where they are set, else the content of a picture file in `bytes`, else
// the file at `path` (at most 512 MiB), which the encoder reads itself. An encoder in another process may read the
// file at `path` itself even where `bytes` are set, and may refuse pixels with the Error kUnsupported.
struct ImageInput {
  std::size_t id = 0;  // chosen by the caller; returned with the result
  std::string path{};  // also begins the message of an Error about this picture
  std::vector<std::byte> bytes{};
  std::int64_t max_pixels = 256'000'000;  // a larger picture is refused before it is decoded
  std::optional<Picture> picture{};
};

struct EncodedImage {
  Embedding embedding;
  // The size of the picture as displayed, in pixels: with its EXIF orientation applied, before any decoding at a
  // reduced scale.
  int width = 0;
  int height = 0;
};

struct ImageResult {
  std::size_t id = 0;
  std::variant<EncodedImage, Error> outcome;
};

using NextImage = std::function<std::optional<ImageInput>()>;  // std::nullopt: there are no more pictures
using ImageDone = std::function<void(ImageResult)>;

// Every function may be called by any thread at any time, also several at once: an implementation does its own locking.
class CLIPSEEK_API Encoder {
 public:
  virtual ~Encoder() = default;

  virtual const EncoderInfo& info() const = 0;

  // Encodes the pictures that `next` returns until it returns none, and reports each exactly once through `done`, in
  // any order. Both are called from several threads at once and must be thread-safe. A picture that cannot be encoded
  // is reported with an Error, and the other pictures are encoded. The Error is kNotFound or kUnreadable (its file),
  // kCorrupt, kUnsupported, kLimitExceeded (its size), kInvalidArgument (a Picture whose `rgb` does not fit its size),
  // or what the implementation states. An exception from `next` or `done` ends the call and is rethrown here. After a
  // request on `stop` the call asks for no further picture and soon throws Error kCancelled; pictures that it had begun
  // may be reported or not.
  virtual void encode_images(const NextImage& next, const ImageDone& done, std::stop_token stop = {}) = 0;

  // Encodes UTF-8 text. A text longer than the model's context is cut, and its end token is kept; bytes that are not
  // UTF-8 are replaced. Throws Error kCancelled after a request on `stop`, and what the implementation states.
  virtual Embedding encode_text(std::string_view text, std::stop_token stop = {}) = 0;

  // Encodes one picture with encode_images. Throws the picture's Error.
  EncodedImage encode_image(ImageInput input, std::stop_token stop = {});
};

}  // namespace clipseek
