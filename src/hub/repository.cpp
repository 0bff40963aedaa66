#include "hub/repository.h"

#include <algorithm>
#include <array>

#include "base/json.h"
#include "clipseek/error.h"

namespace clipseek::hub {
namespace {

constexpr std::uint64_t kMaxSmallFile = std::uint64_t{256} << 20;
constexpr std::uint64_t kMaxWeights = std::uint64_t{50} << 30;  // the hub offers no plain download of larger files

// The files of all tokenizers, which are needed beside the weights, their config and the preprocessing.
constexpr std::array<std::string_view, 8> kTokenizerFiles = {
    "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.json", "merges.txt",
    "vocab.txt",      "spiece.model",          "tokenizer.model"};
constexpr std::string_view kPreprocessor = "preprocessor_config.json";

bool is_weights(std::string_view name) {
  return name == kHuggingFaceFiles.weights || name == kOpenClipFiles.weights;
}

bool may_be_needed(std::string_view name) {
  return is_weights(name) || name == kHuggingFaceFiles.config || name == kOpenClipFiles.config ||
         name == kPreprocessor ||
         std::find(kTokenizerFiles.begin(), kTokenizerFiles.end(), name) != kTokenizerFiles.end();
}

const base::Json& member(const base::Json& object, std::string_view key, const std::string& what) {
  const base::Json* found = object.find(key);
  if (found == nullptr) throw Error(ErrorCode::kCorrupt, what + " has no " + std::string(key));
  return *found;
}

Digest stated_digest(const base::Json& file, const std::string& what) {
  const base::Json* lfs = file.find("lfs");
  bool large = lfs != nullptr && lfs->is_object();
  const base::Json& hex = large ? member(*lfs, "sha256", what) : member(file, "blobId", what);
  auto digest = parse_digest(hex.as_string(what));
  if (!digest || (digest->algorithm == Digest::Algorithm::kSha256) != large) {
    throw Error(ErrorCode::kCorrupt, what + " has no checksum of a known type");
  }
  return *digest;
}

RemoteFile parse_file(const base::Json& file, const std::string& name, const std::string& what) {
  std::int64_t size = member(file, "size", what).as_integer(what + ": size");
  std::uint64_t max = is_weights(name) ? kMaxWeights : kMaxSmallFile;
  if (size < 0 || static_cast<std::uint64_t>(size) > max) {
    throw Error(ErrorCode::kLimitExceeded,
                what + " has " + std::to_string(size) + " bytes; at most " + std::to_string(max) + " are fetched");
  }
  return {name, static_cast<std::uint64_t>(size), stated_digest(file, what)};
}

const RemoteFile* find(const Repository& repository, std::string_view name) {
  auto found = std::find_if(repository.files.begin(), repository.files.end(),
                            [&](const RemoteFile& file) { return file.name == name; });
  return found == repository.files.end() ? nullptr : &*found;
}

bool has_name(const Repository& repository, std::string_view name) {
  return std::find(repository.names.begin(), repository.names.end(), name) != repository.names.end();
}

bool has_pickle(const Repository& repository) {
  return std::any_of(repository.names.begin(), repository.names.end(), [](std::string_view name) {
    return name.ends_with(".bin") || name.ends_with(".pt") || name.ends_with(".pth") || name.ends_with(".ckpt");
  });
}

Error no_model(const Repository& repository, const ModelReference& reference) {
  std::string what = reference.repository + "@" + reference.revision;
  if (has_name(repository, "model.safetensors.index.json")) {
    return {ErrorCode::kUnsupported, what + " has its weights in several files (model.safetensors.index.json); only " +
                                         "a single model.safetensors is supported"};
  }
  if (has_pickle(repository)) {
    return {ErrorCode::kUnsupported,
            what +
                " has its weights only as a Python pickle, which can run any code and is never fetched: look among " +
                "the repository's pull requests for the hub's own safetensors conversion and name it as " +
                reference.repository + "@refs/pr/N, or choose another model (clipseek model list)"};
  }
  return {ErrorCode::kUnsupported, what + " contains no model that clipseek reads: neither config.json with " +
                                       "model.safetensors nor open_clip_config.json with open_clip_model.safetensors"};
}

}  // namespace

Repository parse_repository(std::string_view json, const std::string& name) {
  static constexpr std::size_t kMaxFiles = 20'000;
  base::Json root = base::Json::parse(json, name);
  Repository repository;
  repository.commit = member(root, "sha", name).as_string(name + ": sha");
  if (!is_commit(repository.commit)) throw Error(ErrorCode::kCorrupt, name + ": sha is not a commit");
  const base::Json::Array& siblings = member(root, "siblings", name).as_array(name + ": siblings");
  if (siblings.size() > kMaxFiles) throw Error(ErrorCode::kLimitExceeded, name + " lists too many files");
  for (const base::Json& file : siblings) {
    std::string file_name = member(file, "rfilename", name + ": a file").as_string(name + ": rfilename");
    if (may_be_needed(file_name) && find(repository, file_name) == nullptr) {
      repository.files.push_back(parse_file(file, file_name, name + ": " + file_name));
    }
    repository.names.push_back(std::move(file_name));
  }
  return repository;
}

std::vector<RemoteFile> needed_files(const Repository& repository, const ModelReference& reference) {
  bool open_clip = find(repository, kOpenClipFiles.config) != nullptr && find(repository, kOpenClipFiles.weights);
  const EssentialFiles& essential = open_clip ? kOpenClipFiles : kHuggingFaceFiles;
  const RemoteFile* config = find(repository, essential.config);
  const RemoteFile* weights = find(repository, essential.weights);
  if (config == nullptr || weights == nullptr) throw no_model(repository, reference);
  std::vector<RemoteFile> files = {*config};
  auto add = [&](std::string_view name) {
    if (const RemoteFile* file = find(repository, name)) files.push_back(*file);
  };
  if (!open_clip) add(kPreprocessor);
  for (std::string_view name : kTokenizerFiles) add(name);
  files.push_back(*weights);
  return files;
}

void require_clip_config(std::string_view json, const std::string& name) {
  static constexpr std::array<std::string_view, 3> kTypes = {"clip", "siglip", "chinese_clip"};
  base::Json root = base::Json::parse(json, name);
  const base::Json* type = root.find("model_type");
  std::string text = type != nullptr && type->is_string() ? type->as_string(name) : "";
  if (std::find(kTypes.begin(), kTypes.end(), text) != kTypes.end()) return;
  throw Error(ErrorCode::kUnsupported,
              name + (text.empty() ? ": it states no model_type" : ": model_type \"" + text + "\" is not supported") +
                  "; supported are clip, siglip (also most SigLIP 2), chinese_clip and open_clip repositories");
}

}  // namespace clipseek::hub
