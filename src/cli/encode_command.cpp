#include <algorithm>
#include <mutex>
#include <optional>

#include "base/json.h"
#include "cli/commands.h"
#include "cli/text_layout.h"

namespace clipseek::cli {
namespace {

std::string to_line(const EncodeInput& input, const Embedding& embedding, bool json) {
  const char* type = input.is_image ? "image" : "text";
  if (json) {
    return base::Json(base::Json::Object{{"type", type}, {type, input.value}, {"feature", base::to_json(embedding)}})
               .dump() +
           "\n";
  }
  static constexpr std::size_t kShown = 4;
  std::string line = std::string(type) + "  " + printable(input.value) + "  [";
  for (std::size_t i = 0; i < std::min(kShown, embedding.size()); ++i) line += format_decimal(embedding[i], 4) + ", ";
  return line + "...] " + std::to_string(embedding.size()) + " numbers\n";
}

// Receives results in any order and prints them in the order of the inputs, each as soon as all earlier ones are
// printed.
class OrderedOutput {
 public:
  OrderedOutput(const EncodeArguments& arguments, const Console& console)
      : arguments_(arguments), console_(console), lines_(arguments.inputs.size()) {}

  void feature(std::size_t index, const Embedding& embedding) {
    set(index, to_line(arguments_.inputs[index], embedding, arguments_.json));
  }
  void failure(std::size_t index, const Error& error) {
    std::lock_guard lock(mutex_);
    console_.error(error.what());
    ++failed_;
    lines_[index] = "";
    write_ready();
  }
  std::size_t failed() const { return failed_; }

 private:
  void set(std::size_t index, std::string line) {
    std::lock_guard lock(mutex_);
    lines_[index] = std::move(line);
    write_ready();
  }
  void write_ready() {
    for (; next_ < lines_.size() && lines_[next_]; ++next_) console_.out << *std::exchange(lines_[next_], "");
  }

  const EncodeArguments& arguments_;
  const Console& console_;
  std::mutex mutex_;
  std::vector<std::optional<std::string>> lines_;
  std::size_t next_ = 0;
  std::size_t failed_ = 0;
};

void encode_images(Encoder& encoder, const std::vector<EncodeInput>& inputs, OrderedOutput& results) {
  std::mutex mutex;
  std::size_t position = 0;
  auto next = [&]() -> std::optional<ImageInput> {
    std::lock_guard lock(mutex);
    while (position < inputs.size() && !inputs[position].is_image) ++position;
    if (position == inputs.size()) return std::nullopt;
    ImageInput input{.id = position, .path = inputs[position].value, .bytes = {}};
    ++position;
    return input;
  };
  encoder.encode_images(next, [&](const ImageResult& result) {
    if (const auto* error = std::get_if<Error>(&result.outcome)) {
      results.failure(result.id, *error);
    } else {
      results.feature(result.id, std::get<EncodedImage>(result.outcome).embedding);
    }
  });
}

}  // namespace

int encode_inputs(Encoder& encoder, const EncodeArguments& arguments, const Console& console) {
  OrderedOutput results(arguments, console);
  bool any_image = false;
  for (std::size_t i = 0; i < arguments.inputs.size(); ++i) {
    if (arguments.inputs[i].is_image) {
      any_image = true;
    } else {
      results.feature(i, encoder.encode_text(arguments.inputs[i].value));
    }
  }
  if (any_image) encode_images(encoder, arguments.inputs, results);
  return results.failed() > 0 ? kSomeInputsBad : 0;
}

int run_encode(const EncodeArguments& arguments, const Console& console) {
  auto model = open_model(arguments.model);
  return encode_inputs(*model, arguments, console);
}

}  // namespace clipseek::cli
