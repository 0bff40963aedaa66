// The configuration in the JSON files of a checkpoint folder: the sizes of the two towers and how pictures and texts
// become their input.
#pragma once

#include <filesystem>
#include <string>

#include "image/preprocess.h"
#include "nn/transformer.h"

namespace clipseek::clip {

// The families of checkpoints by the layout of their files (docs/formats.md, "Checkpoints").
enum class Layout { kClip, kOpenClip, kSiglip, kChineseClip };
std::string_view layout_name(Layout layout);

// The position at which a text's feature is read.
enum class TextPooling { kEndToken, kLastPosition, kFirstPosition };

struct TextTowerConfig {
  nn::TransformerConfig transformer;
  int vocabulary = 0;
  int positions = 0;  // rows of the position embedding
  int context = 0;    // tokens of the longest text, special tokens included; at most `positions`
  int end_token = 0;
  TextPooling pooling = TextPooling::kEndToken;
  int pad_token = -1;  // texts are padded to the context with it, and attention includes it; -1: no padding
};

// How an image tower combines its tokens into one vector.
enum class ImagePooling { kClassToken, kAttention };

struct ImageTowerConfig {
  nn::TransformerConfig transformer;
  int image = 0;  // side of the input, pixels
  int patch = 0;  // side of a patch, pixels
  ImagePooling pooling = ImagePooling::kClassToken;

  int patches() const { return (image / patch) * (image / patch); }
  int tokens() const { return patches() + (pooling == ImagePooling::kClassToken ? 1 : 0); }
};

struct ModelConfig {
  Layout layout = Layout::kClip;
  int projection = 0;  // E, numbers in an embedding
  TextTowerConfig text;
  ImageTowerConfig image;
  image::PreprocessConfig preprocess;
};

// Reads config.json and preprocessor_config.json of a Hugging Face folder, or open_clip_config.json where the folder
// has no config.json or no weights for it. Members that published configs omit take the defaults of the format. Throws
// Error: kNotFound naming the missing file and the files of a model folder; kCorrupt; kUnsupported for another
// architecture, activation or preprocessing; kLimitExceeded for sizes that no CLIP model has.
ModelConfig read_model_config(const std::filesystem::path& folder);

// Returns the name of the weight file of `layout`: model.safetensors or open_clip_model.safetensors.
const char* weight_file_name(Layout layout);

}  // namespace clipseek::clip
