// Naming a checkpoint on the hub.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hub/known_models.h"

namespace clipseek::hub {

// A repository at a revision. Both are safe to become a part of a path and, percent-encoded, of an address.
struct ModelReference {
  std::string repository;         // "owner/name"
  std::string revision = "main";  // a branch, a tag, refs/pr/N or a commit
  const KnownModel* known = nullptr;

  // As a person would give it again: the known name, or owner/name[@revision].
  std::string name() const;
};

// What `name` means: a name of known_models(), or owner/name[@revision]; nothing where it is neither. Does not look at
// the disk. Throws Error kInvalidArgument for owner/name@revision where a part cannot be one.
std::optional<ModelReference> parse_model_name(const std::string& name);

// The same, but throws Error kNotFound with the nearest known names where it is neither.
ModelReference require_model_name(const std::string& name);

// The known names that `name` may be a slip of, nearest first, at most three.
std::vector<std::string> near_model_names(std::string_view name);

bool is_commit(std::string_view revision);  // 40 lower-case hex digits

}  // namespace clipseek::hub
