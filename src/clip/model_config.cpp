#include "clip/model_config.h"

#include "base/file_status.h"
#include "clip/config_section.h"
#include "clip/hugging_face_config.h"
#include "clip/open_clip_config.h"
#include "clipseek/error.h"

namespace clipseek::clip {

std::string_view layout_name(Layout layout) {
  switch (layout) {
    case Layout::kClip:
      return "CLIP";
    case Layout::kOpenClip:
      return "open_clip";
    case Layout::kSiglip:
      return "SigLIP";
    case Layout::kChineseClip:
      return "Chinese-CLIP";
  }
  return "";
}

const char* weight_file_name(Layout layout) {
  return layout == Layout::kOpenClip ? "open_clip_model.safetensors" : "model.safetensors";
}

ModelConfig read_model_config(const std::filesystem::path& folder) {
  // Some repositories contain both layouts; the weights that the folder has decide.
  bool open_clip =
      base::file_exists(folder / "open_clip_config.json") &&
      (!base::file_exists(folder / "config.json") || !base::file_exists(folder / weight_file_name(Layout::kClip)));
  ModelConfig model = open_clip ? read_open_clip_config(folder)
                                : read_hugging_face_config(folder, read_config_file(folder, "config.json"));
  if (model.image.tokens() > kMaxConfigTokens) {
    throw Error(ErrorCode::kLimitExceeded, folder.string() + ": the patch size gives " +
                                               std::to_string(model.image.tokens()) + " tokens for an image; at most " +
                                               std::to_string(kMaxConfigTokens) + " are supported");
  }
  return model;
}

}  // namespace clipseek::clip
