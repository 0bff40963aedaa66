// The parameters of ClipNode.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "clipseek/catalog.h"
#include "nodes/shared/parameter_block.h"

namespace clipseek::nodes {

enum class ManageMode { kStorage = 0, kQuery = 1, kServe = 2 };

// Parameters that can be changed while the node runs.
inline constexpr const char* kTopkParameter = "topk";
inline constexpr const char* kThresholdParameter = "memory_threshold";

// The parameters that are fixed when the node starts.
struct ManageSettings {
  ManageMode mode;
  std::filesystem::path db_file;
  std::filesystem::path storage_folder;
  std::string text;
  std::filesystem::path result_folder;
  std::vector<std::string> image_actions;
  std::chrono::milliseconds server_timeout;
  ThumbnailLimits thumbnails;
  bool autostart;
};

// Declares the parameters. Throws Error kInvalidArgument for a value that is not allowed.
ManageSettings declare_manage_settings(ParameterBlock& block);

}  // namespace clipseek::nodes
