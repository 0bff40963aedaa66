// Names of checkpoints on the hub.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hub/known_models.h"

namespace clipseek::hub {

// A repository at a revision. Both can safely be parts of a path and, percent-encoded, of a URL.
struct ModelReference {
  std::string repository;         // "owner/name"
  std::string revision = "main";  // a branch, a tag, refs/pr/N or a commit
  const KnownModel* known = nullptr;

  // Returns the name as a user writes it: the known name, or owner/name[@revision].
  std::string name() const;
};

// Parses a name of known_models() or owner/name[@revision]; std::nullopt where `name` is neither. Does not access the
// disk. Throws Error kInvalidArgument for owner/name@revision where a part is invalid.
std::optional<ModelReference> parse_model_name(const std::string& name);

// The same, but throws Error kNotFound with the most similar known names where `name` is neither.
ModelReference require_model_name(const std::string& name);

// Returns at most three known names that `name` may be a misspelling or a part of, the most similar first.
std::vector<std::string> near_model_names(std::string_view name);

bool is_commit(std::string_view revision);  // 40 lower-case hex digits

}  // namespace clipseek::hub
