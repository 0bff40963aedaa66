// What the hub says that a repository holds, and which of it a model needs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hub/digest.h"
#include "hub/model_reference.h"

namespace clipseek::hub {

struct RemoteFile {
  std::string name;  // one of the names that needed_files() looks for: no folder in it
  std::uint64_t size = 0;
  Digest digest;
};

struct Repository {
  std::string commit;
  std::vector<std::string> names;  // all files, as the hub states them: for messages only
  std::vector<RemoteFile> files;   // those a model could need
};

// Reads the answer to GET /api/models/OWNER/NAME/revision/REVISION?blobs=true (docs/models.md). File names that no
// model needs get no further than `names`. Throws Error kCorrupt for an answer of another form, kLimitExceeded for
// more files or a larger one than a model has.
Repository parse_repository(std::string_view json, const std::string& name);

// The files to fetch, the weights last: one safetensors file with its configuration and tokenizer, in the layout of
// open_clip where the repository has it, else in that of Hugging Face. Throws Error kUnsupported, saying what there is
// instead and what to do, where the repository has only a pickle, a model in several files or no model at all.
std::vector<RemoteFile> needed_files(const Repository& repository, const ModelReference& reference);

// The names that make a folder a model: its configuration and its weights.
struct EssentialFiles {
  std::string_view config;
  std::string_view weights;
};
inline constexpr EssentialFiles kHuggingFaceFiles{"config.json", "model.safetensors"};
inline constexpr EssentialFiles kOpenClipFiles{"open_clip_config.json", "open_clip_model.safetensors"};

// Throws Error kUnsupported, naming the architecture and those that there are, for the config.json (its text) of a
// model that is no CLIP: before gigabytes of it are fetched.
void require_clip_config(std::string_view json, const std::string& name);

}  // namespace clipseek::hub
