#include "clipseek/encoder.h"

#include <cstddef>
#include <mutex>
#include <string>
#include <utility>

namespace clipseek {

float cosine(std::span<const float> a, std::span<const float> b) {
  if (a.size() != b.size()) {
    throw Error(ErrorCode::kInvalidArgument, "the embeddings come from different models: " + std::to_string(a.size()) +
                                                 " and " + std::to_string(b.size()) + " numbers");
  }
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += double{a[i]} * double{b[i]};
  return static_cast<float>(sum);
}

EncodedImage Encoder::encode_image(ImageInput input, std::stop_token stop) {
  std::mutex mutex;
  std::optional<ImageInput> waiting = std::move(input);
  std::optional<ImageResult> result;
  encode_images(
      [&] {
        std::lock_guard lock(mutex);
        return std::exchange(waiting, std::nullopt);
      },
      [&](ImageResult done) {
        std::lock_guard lock(mutex);
        result = std::move(done);
      },
      std::move(stop));
  if (!result) throw Error(ErrorCode::kInternal, "the encoder returned no result");
  if (auto* error = std::get_if<Error>(&result->outcome)) throw *error;
  return std::get<EncodedImage>(std::move(result->outcome));
}

}  // namespace clipseek
