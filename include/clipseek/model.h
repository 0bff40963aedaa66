// Start here for embeddings: a CLIP checkpoint that encodes pictures and sentences on this machine.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "clipseek/encoder.h"
#include "clipseek/export.h"

namespace clipseek {

enum class PrecisionChoice {
  kAuto,  // bf16 where the CPU has it natively, else f32
  kF32,
  kBf16,  // Model::open throws Error kUnsupported where the CPU has no AVX-512
};

struct ModelOptions {
  PrecisionChoice precision = PrecisionChoice::kAuto;
  int workers = 0;  // threads that encode pictures in one call; 0: one for each core that the process may use
};

// Returns the folder of the checkpoint that `model` names: a folder's path, the name of a model that comes with
// clipseek ("tiny"), or the name of one that `clipseek model pull` has fetched ("clip-vit-base-patch32",
// "owner/name@revision"). An empty name means $CLIPSEEK_MODEL or, if that is not set, the bundled model. Throws Error:
// kNotFound, whose message suggests similar names and how to get the model; kUnreadable for a folder that cannot be
// reached. Any thread.
CLIPSEEK_API std::filesystem::path locate_model(const std::string& model = {});

// The properties of an open checkpoint.
struct ModelDetails {
  std::filesystem::path folder;  // as it was opened
  std::string family;            // "CLIP", "open_clip", "SigLIP" or "Chinese-CLIP"
  std::string precision;         // "f32" or "bf16": the precision in use, also for PrecisionChoice::kAuto
  int workers = 0;               // threads that encode pictures in one call
  int input_side = 0;            // the image tower's input is that many pixels wide and high
  int context = 0;               // tokens that the text tower takes at most
  // A picture that is scaled down to a shorter side of this many pixels has nearly the same embedding. A program that
  // sends frames elsewhere to be encoded can reduce larger ones to it.
  int min_short_side = 0;
};

namespace clip {
struct ModelParts;
}

// A checkpoint in memory; its weights are mapped from their file, which must not change while the Model exists. Every
// function may be called by any thread, also while others run.
class CLIPSEEK_API Model : public Encoder {
 public:
  // Opens a checkpoint folder: reads its configurations and vocabulary and checks the header of its weights. The
  // weights of each tower are prepared when it is first used. Throws Error, which names the file, tensor or member of a
  // configuration: kNotFound or kUnreadable for a file, kCorrupt, kModelMismatch for weights that do not fit the
  // configuration, kUnsupported for an architecture that clipseek does not support. docs/formats.md lists the layouts.
  static std::unique_ptr<Model> open(const std::filesystem::path& folder, const ModelOptions& options = {});
  ~Model() override;

  const EncoderInfo& info() const override;
  void encode_images(const NextImage& next, const ImageDone& done, std::stop_token stop = {}) override;
  Embedding encode_text(std::string_view text, std::stop_token stop = {}) override;

  // Returns the token ids from which encode_text computes the embedding: from the start token to the end token, cut to
  // the context.
  std::vector<std::int32_t> tokenize(std::string_view text) const;

  // Returns the embedding of a text that is given as token ids. Throws Error kInvalidArgument for an empty list, for
  // more than ModelDetails::context ids, and for an id outside the vocabulary.
  Embedding encode_tokens(std::span<const std::int32_t> ids);

  // Valid as long as the model.
  const ModelDetails& details() const;

 private:
  friend struct clip::ModelParts;
  explicit Model(std::unique_ptr<clip::ModelParts> parts);
  std::unique_ptr<clip::ModelParts> parts_;
};

}  // namespace clipseek
