// What the JSON files of a checkpoint folder say: sizes of the two towers and how pictures and text become their input.
#pragma once

#include <filesystem>
#include <string>

#include "image/preprocess.h"
#include "nn/transformer.h"

namespace clipseek {

struct TextTowerConfig {
  TransformerConfig transformer;
  int vocabulary = 0;
  int context = 0;  // positions, start and end token included
  int end_token = 0;
};

struct ImageTowerConfig {
  TransformerConfig transformer;
  int image = 0;  // side of the input, pixels
  int patch = 0;  // side of a patch, pixels

  int patches() const { return (image / patch) * (image / patch); }
  int tokens() const { return patches() + 1; }  // and the class token
};

struct ModelConfig {
  int projection = 0;  // E, numbers in an embedding
  TextTowerConfig text;
  ImageTowerConfig image;
  PreprocessConfig preprocess;
};

// Reads config.json and preprocessor_config.json of a Hugging Face CLIPModel folder (docs/formats.md, "Checkpoints").
// Members that published configs leave out take the values of the format's own defaults. Throws Error: kNotFound naming
// the file and what a model folder holds; kCorrupt; kUnsupported for another architecture, activation or preprocessing;
// kLimitExceeded for sizes no CLIP has.
ModelConfig read_model_config(const std::filesystem::path& folder);

}  // namespace clipseek
