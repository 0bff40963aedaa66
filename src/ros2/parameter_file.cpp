#include "ros2/parameter_file.h"

#include <yaml.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <limits>
#include <memory>
#include <utility>

#include "clipseek/error.h"
#include "ros2/names.h"

namespace clipseek::ros2 {
namespace {

constexpr std::size_t kMaxDepth = 64;
constexpr std::string_view kParametersKey = "ros__parameters";

struct YamlMember;

struct Yaml {
  enum class Kind { kScalar, kSequence, kMapping };
  Kind kind = Kind::kScalar;
  std::string text;      // of a scalar
  bool is_text = false;  // quoted or tagged !!str: a string even if it looks like another type
  std::vector<Yaml> items;
  std::vector<YamlMember> members;
};

struct YamlMember {
  std::string name;
  Yaml value;
};

class Reader {
 public:
  Reader(std::string_view yaml, std::string_view name) : name_(name) {
    if (yaml_parser_initialize(&parser_) == 0) throw Error(ErrorCode::kInternal, "libyaml cannot be initialized");
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(yaml.data()), yaml.size());
  }
  ~Reader() { yaml_parser_delete(&parser_); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // The first document; an empty mapping for an empty text.
  Yaml document() {
    Event event = next();
    while (event->type == YAML_STREAM_START_EVENT || event->type == YAML_DOCUMENT_START_EVENT) event = next();
    if (event->type == YAML_STREAM_END_EVENT) return {Yaml::Kind::kMapping, "", false, {}, {}};
    return node(*event, 0);
  }

  [[noreturn]] void fail(const std::string& what, ErrorCode code = ErrorCode::kCorrupt) const {
    throw Error(code, name_ + ": " + what);
  }

 private:
  struct Delete {
    void operator()(yaml_event_t* event) const {
      yaml_event_delete(event);
      delete event;
    }
  };
  using Event = std::unique_ptr<yaml_event_t, Delete>;

  Event next() {
    auto event = std::make_unique<yaml_event_t>();
    if (yaml_parser_parse(&parser_, event.get()) == 0) {
      fail("invalid YAML at line " + std::to_string(parser_.problem_mark.line + 1) + ": " +
           (parser_.problem != nullptr ? parser_.problem : "unknown problem"));
    }
    return Event(event.release());
  }

  Yaml node(const yaml_event_t& event, std::size_t depth) {
    if (depth > kMaxDepth) fail("nested deeper than " + std::to_string(kMaxDepth) + " levels");
    switch (event.type) {
      case YAML_SCALAR_EVENT:
        return scalar(event);
      case YAML_SEQUENCE_START_EVENT:
        return sequence(depth);
      case YAML_MAPPING_START_EVENT:
        return mapping(depth);
      case YAML_ALIAS_EVENT:
        fail("line " + std::to_string(event.start_mark.line + 1) + ": aliases are not supported in parameter files",
             ErrorCode::kUnsupported);
      default:
        fail("YAML ends too early");
    }
  }

  static Yaml scalar(const yaml_event_t& event) {
    const auto& data = event.data.scalar;
    Yaml result;
    result.text.assign(reinterpret_cast<const char*>(data.value), data.length);
    bool string_tag = data.tag != nullptr && std::string_view(reinterpret_cast<const char*>(data.tag)) == YAML_STR_TAG;
    result.is_text = data.style != YAML_PLAIN_SCALAR_STYLE || string_tag;
    return result;
  }

  Yaml sequence(std::size_t depth) {
    Yaml result{Yaml::Kind::kSequence, "", false, {}, {}};
    for (Event event = next(); event->type != YAML_SEQUENCE_END_EVENT; event = next()) {
      result.items.push_back(node(*event, depth + 1));
    }
    return result;
  }

  Yaml mapping(std::size_t depth) {
    Yaml result{Yaml::Kind::kMapping, "", false, {}, {}};
    for (Event event = next(); event->type != YAML_MAPPING_END_EVENT; event = next()) {
      Yaml key = node(*event, depth + 1);
      if (key.kind != Yaml::Kind::kScalar) fail("a key must be a plain name");
      Event value = next();
      result.members.push_back({std::move(key.text), node(*value, depth + 1)});
    }
    return result;
  }

  yaml_parser_t parser_;
  std::string name_;
};

ParameterValue scalar_of(const Yaml& yaml, const Reader& reader, const std::string& name) {
  if (yaml.kind != Yaml::Kind::kScalar) reader.fail("parameter " + name + ": a list may contain only scalar values");
  if (yaml.is_text) return yaml.text;
  if (yaml.text.empty()) reader.fail("parameter " + name + " has no value");
  return scalar_value(yaml.text);
}

template <typename T>
ParameterValue list_of(const std::vector<ParameterValue>& values, const Reader& reader, const std::string& name) {
  std::vector<T> list;
  for (const ParameterValue& value : values) {
    if (!std::holds_alternative<T>(value))
      reader.fail("parameter " + name + ": all values of a list must have the same type");
    list.push_back(std::get<T>(value));
  }
  return list;
}

ParameterValue value_of(const Yaml& yaml, const Reader& reader, const std::string& name) {
  if (yaml.kind == Yaml::Kind::kMapping)
    reader.fail("parameter " + name + ": the value must be a scalar or a list, not a map");
  if (yaml.kind == Yaml::Kind::kScalar) return scalar_of(yaml, reader, name);
  std::vector<ParameterValue> values;
  for (const Yaml& item : yaml.items) values.push_back(scalar_of(item, reader, name));
  if (values.empty()) return std::vector<std::string>{};
  switch (type_of(values.front())) {
    case ParameterType::kBool:
      return list_of<bool>(values, reader, name);
    case ParameterType::kInteger:
      return list_of<std::int64_t>(values, reader, name);
    case ParameterType::kDouble:
      return list_of<double>(values, reader, name);
    default:
      return list_of<std::string>(values, reader, name);
  }
}

// A nested map adds its parameters under dotted names: "a: {b: 1}" is the parameter a.b.
void add_parameters(const Yaml& yaml, const Reader& reader, const std::string& node, const std::string& prefix,
                    std::vector<ParameterOverride>& into) {
  if (yaml.kind != Yaml::Kind::kMapping) reader.fail(node + ": ros__parameters must be a map of parameters");
  for (const auto& [key, value] : yaml.members) {
    std::string name = prefix.empty() ? key : prefix + "." + key;
    if (value.kind == Yaml::Kind::kMapping) {
      add_parameters(value, reader, node, name, into);
    } else {
      into.push_back({node, name, value_of(value, reader, name)});
    }
  }
}

// Descends through namespaces and node names until a ros__parameters key.
void add_nodes(const Yaml& yaml, const Reader& reader, const std::string& path, std::vector<ParameterOverride>& into) {
  if (yaml.kind != Yaml::Kind::kMapping) {
    reader.fail((path.empty() ? "the file" : path) + " must be a map of node names that hold ros__parameters");
  }
  for (const auto& [key, value] : yaml.members) {
    if (key == kParametersKey) {
      if (path.empty()) reader.fail("ros__parameters must be below a node name");
      add_parameters(value, reader, path, "", into);
    } else {
      std::string child = path;
      for (const std::string& token : name_tokens(key)) child += "/" + token;
      add_nodes(value, reader, child, into);
    }
  }
}

std::optional<bool> bool_of(std::string_view text) {
  static constexpr std::array<std::string_view, 11> kTrue = {"Y",    "y",    "yes", "Yes", "YES", "true",
                                                             "True", "TRUE", "on",  "On",  "ON"};
  static constexpr std::array<std::string_view, 11> kFalse = {"N",     "n",     "no",  "No",  "NO", "false",
                                                              "False", "FALSE", "off", "Off", "OFF"};
  if (std::find(kTrue.begin(), kTrue.end(), text) != kTrue.end()) return true;
  if (std::find(kFalse.begin(), kFalse.end(), text) != kFalse.end()) return false;
  return std::nullopt;
}

std::optional<double> special_double(std::string_view text) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (text == ".nan" || text == ".NaN" || text == ".NAN") return std::numeric_limits<double>::quiet_NaN();
  std::string_view unsigned_text = text.substr(text.starts_with('-') || text.starts_with('+') ? 1 : 0);
  if (unsigned_text == ".inf" || unsigned_text == ".Inf" || unsigned_text == ".INF") {
    return text.front() == '-' ? -kInfinity : kInfinity;
  }
  return std::nullopt;
}

}  // namespace

ParameterValue scalar_value(const std::string& text) {
  if (std::optional<bool> flag = bool_of(text)) return *flag;
  // Text with leading blanks is not a number, but strtoll and strtod would skip them.
  if (text.empty() || std::isspace(static_cast<unsigned char>(text.front())) != 0) return text;
  if (std::optional<double> number = special_double(text)) return *number;
  const char* end_of_text = text.c_str() + text.size();
  char* end = nullptr;
  errno = 0;
  long long whole = std::strtoll(text.c_str(), &end, 0);
  if (end == end_of_text && errno == 0) return static_cast<std::int64_t>(whole);
  errno = 0;
  double number = std::strtod(text.c_str(), &end);
  if (end == end_of_text && errno == 0) return number;
  return text;
}

std::vector<ParameterOverride> parse_parameter_file(std::string_view yaml, std::string_view name) {
  Reader reader(yaml, name);
  std::vector<ParameterOverride> overrides;
  add_nodes(reader.document(), reader, "", overrides);
  return overrides;
}

ParameterValue parse_parameter_value(std::string_view yaml, std::string_view name) {
  Reader reader(yaml, "-p " + std::string(name));
  if (yaml.empty()) reader.fail("parameter " + std::string(name) + " has no value");
  return value_of(reader.document(), reader, std::string(name));
}

}  // namespace clipseek::ros2
