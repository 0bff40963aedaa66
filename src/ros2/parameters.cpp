#include "ros2/parameters.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "clipseek/error.h"

namespace clipseek::ros2 {
namespace {

std::string type_mismatch(const std::string& name, ParameterType declared, ParameterType wanted) {
  return "Wrong parameter type, parameter {" + name + "} is of type {" + std::string(type_text(declared)) +
         "}, setting it to {" + std::string(type_text(wanted)) + "} is not allowed.";
}

// Allowed are both ends of the range and, between them, the start plus multiples of the step.
bool in_range(std::int64_t value, const IntegerRange& range) {
  if (value == range.from_value || value == range.to_value) return true;
  if (value < range.from_value || value > range.to_value) return false;
  auto distance = static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(range.from_value);
  return range.step == 0 || distance % range.step == 0;
}

bool nearly_equal(double a, double b) {
  constexpr double kUlps = 100;
  return std::abs(a - b) <= std::numeric_limits<double>::epsilon() * std::abs(a + b) * kUlps;
}

bool in_range(double value, const FloatingPointRange& range) {
  if (nearly_equal(value, range.from_value) || nearly_equal(value, range.to_value)) return true;
  if (!(value >= range.from_value && value <= range.to_value)) return false;
  if (range.step == 0) return true;
  double steps = std::round((value - range.from_value) / range.step);
  return nearly_equal(value, range.from_value + steps * range.step);
}

std::string range_violation(const std::string& name, const ParameterDescription& description,
                            const ParameterValue& value) {
  const auto* whole = std::get_if<std::int64_t>(&value);
  if (whole != nullptr && description.integer_range && !in_range(*whole, *description.integer_range)) {
    return "Parameter {" + name + "} doesn't comply with integer range.";
  }
  const auto* real = std::get_if<double>(&value);
  if (real == nullptr || !description.floating_point_range) return "";
  // Without this check, an infinity would be nearly equal to both ends of the range.
  if (!std::isfinite(*real)) return "Parameter {" + name + "} must be a finite number.";
  if (in_range(*real, *description.floating_point_range)) return "";
  return "Parameter {" + name + "} doesn't comply with floating point range.";
}

std::string undeclared(const std::string& name) {
  return "parameter '" + name + "' cannot be set because it was not declared";
}

bool is_within(std::string_view rest, std::uint64_t depth) {
  return depth == 0 || static_cast<std::uint64_t>(std::count(rest.begin(), rest.end(), '.')) < depth;
}

bool is_listed(const std::string& name, const std::vector<std::string>& prefixes, std::uint64_t depth) {
  if (prefixes.empty()) return is_within(name, depth);
  return std::any_of(prefixes.begin(), prefixes.end(), [&](const std::string& prefix) {
    if (name == prefix) return true;
    if (!name.starts_with(prefix + ".")) return false;
    return is_within(std::string_view(name).substr(prefix.size() + 1), depth);
  });
}

}  // namespace

std::string Parameters::rejection(const std::string& name, const Entry& entry, const ParameterValue& value) {
  if (type_of(value) != type_of(entry.value)) return type_mismatch(name, type_of(entry.value), type_of(value));
  std::string reason = range_violation(name, entry.description, value);
  if (!reason.empty() || !entry.description.check) return reason;
  return entry.description.check(value).value_or("");
}

ParameterValue Parameters::declare(const std::string& name, const ParameterValue& value,
                                   ParameterDescription description) {
  Entry entry{value, std::move(description)};
  if (const ParameterValue* given = override_of_(name)) {
    std::string reason = rejection(name, entry, *given);
    if (!reason.empty()) throw Error(ErrorCode::kInvalidArgument, "parameter '" + name + "': " + reason);
    entry.value = *given;
  }
  ParameterValue result = entry.value;
  {
    std::lock_guard lock(mutex_);
    if (!entries_.try_emplace(name, std::move(entry)).second) {
      throw Error(ErrorCode::kInvalidArgument, "parameter '" + name + "' has already been declared");
    }
  }
  changed_({{name, result, true}});
  return result;
}

ParameterValue Parameters::get_value(const std::string& name) const {
  std::optional<ParameterValue> value = find(name);
  if (!value) throw Error(ErrorCode::kNotFound, "parameter '" + name + "' is not declared");
  return *value;
}

void Parameters::wrong_type(const std::string& name, const ParameterValue& value) {
  throw Error(ErrorCode::kInvalidArgument,
              "parameter '" + name + "' is of type " + std::string(type_text(type_of(value))));
}

std::optional<ParameterValue> Parameters::find(const std::string& name) const {
  std::lock_guard lock(mutex_);
  auto found = entries_.find(name);
  if (found == entries_.end()) return std::nullopt;
  return found->second.value;
}

std::optional<ParameterDescriptor> Parameters::describe(const std::string& name) const {
  std::lock_guard lock(mutex_);
  auto found = entries_.find(name);
  if (found == entries_.end()) return std::nullopt;
  const ParameterDescription& description = found->second.description;
  ParameterDescriptor descriptor;
  descriptor.name = name;
  descriptor.type = static_cast<std::uint8_t>(type_of(found->second.value));
  descriptor.description = description.text;
  descriptor.additional_constraints = description.constraints;
  descriptor.read_only = description.read_only;
  if (description.integer_range) descriptor.integer_range = {*description.integer_range};
  if (description.floating_point_range) descriptor.floating_point_range = {*description.floating_point_range};
  return descriptor;
}

SetParametersResult Parameters::set(const std::string& name, const ParameterValue& value) {
  if (!find(name)) return {false, undeclared(name)};
  return set_atomically({{name, value}});
}

SetParametersResult Parameters::set_atomically(const std::vector<std::pair<std::string, ParameterValue>>& values) {
  std::lock_guard setting(setting_mutex_);
  std::vector<ParameterChange> changes;
  std::map<std::string, ParameterValue> before;
  {
    std::lock_guard lock(mutex_);
    for (const auto& [name, value] : values) {
      auto found = entries_.find(name);
      if (found == entries_.end()) return {false, "One or more parameters were not declared before setting"};
      if (found->second.description.read_only) {
        return {false, "parameter '" + name + "' cannot be set because it is read-only"};
      }
      std::string reason = rejection(name, found->second, value);
      if (!reason.empty()) return {false, reason};
    }
    for (const auto& [name, value] : values) {
      before.try_emplace(name, entries_[name].value);
      entries_[name].value = value;
      changes.push_back({name, value, false});
    }
  }
  try {
    if (!changes.empty()) changed_(changes);
  } catch (const Error& error) {
    std::lock_guard lock(mutex_);
    for (const auto& [name, value] : before) entries_[name].value = value;
    return {false, error.what()};
  }
  return {true, ""};
}

ListParametersResult Parameters::list(const std::vector<std::string>& prefixes, std::uint64_t depth) const {
  ListParametersResult result;
  std::lock_guard lock(mutex_);
  for (const auto& [name, entry] : entries_) {
    if (!is_listed(name, prefixes, depth)) continue;
    result.names.push_back(name);
    std::size_t dot = name.rfind('.');
    if (dot == std::string::npos) continue;
    std::string prefix = name.substr(0, dot);
    bool known = std::find(result.prefixes.begin(), result.prefixes.end(), prefix) != result.prefixes.end();
    if (!known) result.prefixes.push_back(prefix);
  }
  return result;
}

std::map<std::string, ParameterValue> Parameters::all() const {
  std::map<std::string, ParameterValue> values;
  std::lock_guard lock(mutex_);
  for (const auto& [name, entry] : entries_) values[name] = entry.value;
  return values;
}

}  // namespace clipseek::ros2
