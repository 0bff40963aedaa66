#include "hub/model_reference.h"

#include <algorithm>
#include <numeric>

#include "base/ascii.h"
#include "clipseek/error.h"

namespace clipseek::hub {
namespace {

bool is_word(char c) {
  return base::is_ascii_alphanumeric(c) || c == '-' || c == '_' || c == '.';
}

// The rule of the hub's own client for an owner or a name; "--" separates the two in the cache's folder names.
bool is_repository_part(std::string_view part) {
  static constexpr std::size_t kMaxLength = 96;
  return !part.empty() && part.size() <= kMaxLength && std::all_of(part.begin(), part.end(), is_word) &&
         part.front() != '-' && part.front() != '.' && part.back() != '-' && part.back() != '.' &&
         part.find("--") == std::string_view::npos && part.find("..") == std::string_view::npos;
}

// Checks those of git's rules for the name of a reference that matter for a path.
bool is_revision(std::string_view revision) {
  static constexpr std::size_t kMaxLength = 200;
  if (revision.empty() || revision.size() > kMaxLength) return false;
  while (true) {
    std::size_t end = revision.find('/');
    std::string_view part = revision.substr(0, end);
    if (part.empty() || part.front() == '.' || part.front() == '-' || !std::all_of(part.begin(), part.end(), is_word) ||
        part.find("..") != std::string_view::npos) {
      return false;
    }
    if (end == std::string_view::npos) return true;
    revision.remove_prefix(end + 1);
  }
}

// Returns the number of insertions, deletions and replacements that turn one text into the other, without regard to
// case.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      std::size_t replaced = diagonal + (base::ascii_lower(a[i]) == base::ascii_lower(b[j]) ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

// Returns `name` in lower case and without separators.
std::string squeeze(std::string_view name) {
  std::string squeezed;
  for (char c : name) {
    if (c != '-' && c != '_' && c != '.' && c != '/' && c != ' ') squeezed += base::ascii_lower(c);
  }
  return squeezed;
}

// Returns whether `known` without some of its letters is `name`: "vit-b32" abbreviates "clip-vit-base-patch32".
bool abbreviates(std::string_view name, std::string_view known) {
  std::string letters = squeeze(name);
  std::size_t met = 0;
  for (char c : squeeze(known)) {
    if (met < letters.size() && letters[met] == c) ++met;
  }
  return met == letters.size();
}

// Returns a small distance also for a part of a name and for an abbreviation, as "siglip2", "patch32" and "vit-b32".
std::size_t distance_to(std::string_view known, std::string_view name) {
  static constexpr std::size_t kMinPart = 3;
  auto same = [](char a, char b) { return base::ascii_lower(a) == base::ascii_lower(b); };
  bool part =
      name.size() >= kMinPart && std::search(known.begin(), known.end(), name.begin(), name.end(), same) != known.end();
  if (part) return 1;
  return name.size() > kMinPart && abbreviates(name, known) ? 2 : edit_distance(known, name);
}

}  // namespace

bool is_commit(std::string_view revision) {
  static constexpr std::size_t kDigits = 40;
  return revision.size() == kDigits && revision.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string ModelReference::name() const {
  if (known != nullptr) return std::string(known->name);
  return revision == "main" ? repository : repository + "@" + revision;
}

std::optional<ModelReference> parse_model_name(const std::string& name) {
  if (const KnownModel* known = find_known_model(name)) {
    return ModelReference{std::string(known->repository), std::string(known->revision), known};
  }
  std::size_t at = name.find('@');
  std::string repository = name.substr(0, at);
  std::size_t slash = repository.find('/');
  if (slash == std::string::npos) return std::nullopt;
  if (!is_repository_part(repository.substr(0, slash)) || !is_repository_part(repository.substr(slash + 1))) {
    if (at == std::string::npos) return std::nullopt;  // it is probably the path of a folder
    throw Error(ErrorCode::kInvalidArgument, "\"" + name + "\" is not of the form owner/name[@revision]");
  }
  ModelReference reference{repository, "main", nullptr};
  if (at != std::string::npos) reference.revision = name.substr(at + 1);
  if (!is_revision(reference.revision)) {
    throw Error(ErrorCode::kInvalidArgument, "\"" + reference.revision + "\" is not a valid revision of " + repository);
  }
  return reference;
}

ModelReference require_model_name(const std::string& name) {
  if (auto reference = parse_model_name(name)) return *reference;
  std::string near;
  for (const std::string& one : near_model_names(name)) near += (near.empty() ? "" : ", ") + one;
  throw Error(ErrorCode::kNotFound,
              "no model has the name \"" + name + "\"" + (near.empty() ? "" : "; similar names: " + near) +
                  " (clipseek model list shows all names; owner/name is a repository of the hub)");
}

std::vector<std::string> near_model_names(std::string_view name) {
  static constexpr std::size_t kMaxNames = 3;
  static constexpr std::size_t kMaxLength = 100;  // of a name that is compared; bounds the work
  std::vector<std::pair<std::size_t, std::string>> near;
  if (name.size() > kMaxLength) return {};
  for (const KnownModel& known : known_models()) {
    std::size_t distance = distance_to(known.name, name);
    if (distance <= std::max<std::size_t>(2, name.size() / 3)) near.emplace_back(distance, known.name);
  }
  std::stable_sort(near.begin(), near.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  const bool sure = !near.empty() && near.front().first <= 1;  // then the others are only similar
  if (sure) std::erase_if(near, [](const auto& one) { return one.first > 1; });
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::min(kMaxNames, near.size()); ++i) names.push_back(near[i].second);
  return names;
}

}  // namespace clipseek::hub
