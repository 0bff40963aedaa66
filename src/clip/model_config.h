// What the JSON files of a checkpoint folder say: sizes of the two towers and how pictures and text become their input.
#pragma once

#include <filesystem>
#include <string>

#include "image/preprocess.h"
#include "nn/transformer.h"

namespace clipseek::clip {

// The families of checkpoints, by how their files are laid out (docs/formats.md, "Checkpoints").
enum class Layout { kClip, kOpenClip, kSiglip, kChineseClip };
std::string_view layout_name(Layout layout);

// Where a text's feature is read.
enum class TextPooling { kEndToken, kLastPosition, kFirstPosition };

struct TextTowerConfig {
  nn::TransformerConfig transformer;
  int vocabulary = 0;
  int positions = 0;  // rows of the position embedding
  int context = 0;    // tokens of the longest text, special tokens included; at most `positions`
  int end_token = 0;
  TextPooling pooling = TextPooling::kEndToken;
  int pad_token = -1;  // texts are filled up to the context with it, and it is attended to; -1: they are not
};

// How an image tower makes one vector of its tokens.
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

// Reads config.json and preprocessor_config.json of a Hugging Face folder, or open_clip_config.json where there is no
// config.json of a known family. Members that published configs leave out take the values of the format's own defaults.
// Throws Error: kNotFound naming the file and what a model folder holds; kCorrupt; kUnsupported for another
// architecture, activation or preprocessing; kLimitExceeded for sizes no CLIP has.
ModelConfig read_model_config(const std::filesystem::path& folder);

// The name of the weight file of that layout: model.safetensors or open_clip_model.safetensors.
const char* weight_file_name(Layout layout);

}  // namespace clipseek::clip
