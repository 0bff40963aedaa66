#include "ros2/type_description_service.h"

#include <algorithm>

namespace clipseek::ros2 {
namespace {

IndividualTypeDescription to_message(const std::string& name, const std::vector<FieldDescription>& fields) {
  IndividualTypeDescription message{name, {}};
  for (const FieldDescription& field : fields) {
    message.fields.push_back(
        {field.name,
         {static_cast<std::uint8_t>(field.type_id), field.capacity, field.string_capacity, field.nested_type_name},
         ""});
  }
  return message;
}

bool is_type_hash(std::string_view text) {
  constexpr std::string_view kPrefix = "RIHS01_";
  constexpr std::size_t kDigits = 64;
  return text.starts_with(kPrefix) && text.size() == kPrefix.size() + kDigits &&
         text.find_first_not_of("0123456789abcdef", kPrefix.size()) == std::string_view::npos;
}

GetTypeDescription::Response refused(const std::string& reason) {
  GetTypeDescription::Response response;
  response.failure_reason = reason;
  return response;
}

// The first two reasons have rcl's wording. As in rcl, the hash alone may name the type.
GetTypeDescription::Response describe(const NodeCore& core, const GetTypeDescription::Request& request) {
  if (!is_type_hash(request.type_hash)) return refused("Failed to parse type hash");
  std::optional<TypeInfo> type = core.find_type(request.type_hash);
  if (!type) return refused("Type not currently in use by this node");
  if (!request.name.empty() && request.name != type->name) {
    return refused("This is the type hash of " + type->name);
  }
  GetTypeDescription::Response response;
  response.successful = true;
  response.type_description = to_message(type->describe());
  return response;
}

}  // namespace

TypeDescriptionMessage to_message(const TypeDescription& description) {
  TypeDescriptionMessage message;
  for (const auto& [name, fields] : description.types) {
    if (name == description.type_name) {
      message.type_description = to_message(name, fields);
    } else {
      message.referenced_type_descriptions.push_back(to_message(name, fields));
    }
  }
  return message;
}

TypeDescriptionService::TypeDescriptionService(const std::shared_ptr<NodeCore>& core)
    : service_(node_service<GetTypeDescription>(
          core, "get_type_description", [&node = *core](const auto& request) { return describe(node, request); })) {}

}  // namespace clipseek::ros2
