#include "clip/encoder.h"

#include <mutex>
#include <utility>

namespace clipseek {

EncodedImage Encoder::encode_image(ImageInput input) {
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
      });
  if (!result) throw Error(ErrorCode::kInternal, "the encoder gave no result");
  if (auto* error = std::get_if<Error>(&result->outcome)) throw *error;
  return std::get<EncodedImage>(std::move(result->outcome));
}

}  // namespace clipseek
