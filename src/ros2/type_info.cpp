#include "ros2/type_info.h"

#include "base/hasher.h"

namespace clipseek::ros2 {
namespace {

// The hashed JSON has a blank after each comma and colon, as written by Python's json.dumps. Names are ASCII
// identifiers and need no escaping.
std::string field_json(const FieldDescription& field) {
  return "{\"name\": \"" + field.name + "\", \"type\": {\"type_id\": " + std::to_string(field.type_id) +
         ", \"capacity\": " + std::to_string(field.capacity) +
         ", \"string_capacity\": " + std::to_string(field.string_capacity) + ", \"nested_type_name\": \"" +
         field.nested_type_name + "\"}}";
}

std::string type_json(const std::string& name, const std::vector<FieldDescription>& fields) {
  std::string json = "{\"type_name\": \"" + name + "\", \"fields\": [";
  for (const FieldDescription& field : fields) {
    if (&field != &fields.front()) json += ", ";
    json += field_json(field);
  }
  return json + "]}";
}

}  // namespace

std::string type_hash(const TypeDescription& description) {
  std::string json =
      "{\"type_description\": " + type_json(description.type_name, description.types.at(description.type_name)) +
      ", \"referenced_type_descriptions\": [";
  bool first = true;
  for (const auto& [name, fields] : description.types) {
    if (name == description.type_name) continue;
    if (!first) json += ", ";
    first = false;
    json += type_json(name, fields);
  }
  json += "]}";
  base::Hasher hasher(base::Hasher::Algorithm::kSha256);
  hasher.add(json.data(), json.size());
  return "RIHS01_" + hasher.hex();
}

}  // namespace clipseek::ros2
