// The hub's list of a repository's files, and the files of it that a model needs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hub/digest.h"
#include "hub/model_reference.h"

namespace clipseek::hub {

struct RemoteFile {
  std::string name;  // one of the names that needed_files() uses; it contains no folder
  std::uint64_t size = 0;
  Digest digest;
};

struct Repository {
  std::string commit;
  std::vector<std::string> names;  // all files, as the hub states them; used only for messages
  std::vector<RemoteFile> files;   // the files that a model could need
};

// Parses the response to GET /api/models/OWNER/NAME/revision/REVISION?blobs=true (docs/models.md). Names of files that
// no model needs are only in `names`. Throws Error kCorrupt for a response of another form, kLimitExceeded for too many
// files or a too large one.
Repository parse_repository(std::string_view json, const std::string& name);

// Returns the files to fetch, the weights last: one safetensors file with its configuration and tokenizer, in the
// layout of open_clip where the repository has it, else in that of Hugging Face. Throws Error kUnsupported, whose
// message names the reason and a remedy, where the repository has only a pickle, a model in several files or no model
// at all.
std::vector<RemoteFile> needed_files(const Repository& repository, const ModelReference& reference);

// The files that every model folder of a layout has: its configuration and its weights.
struct EssentialFiles {
  std::string_view config;
  std::string_view weights;
};
inline constexpr EssentialFiles kHuggingFaceFiles{"config.json", "model.safetensors"};
inline constexpr EssentialFiles kOpenClipFiles{"open_clip_config.json", "open_clip_model.safetensors"};

// Checks the text of a config.json before gigabytes of weights are fetched. Throws Error kUnsupported, naming the
// architecture and the supported ones, where the model is not a CLIP model.
void require_clip_config(std::string_view json, const std::string& name);

}  // namespace clipseek::hub
