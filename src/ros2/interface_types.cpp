#include "ros2/interface_types.h"

#include "ros2/msg/service_msgs.h"

namespace clipseek::ros2 {
namespace {

constexpr int kBoundedSequence = 96;

FieldDescription nested(const std::string& name, const std::string& type) {
  FieldDescription field;
  field.name = name;
  field.type_id = static_cast<int>(FieldTypeId::kNested);
  field.nested_type_name = type;
  return field;
}

FieldDescription at_most_one(const std::string& name, const std::string& type) {
  FieldDescription field = nested(name, type);
  field.type_id += kBoundedSequence;
  field.capacity = 1;
  return field;
}

// `name` without `suffix`, which it ends with.
std::string without(const std::string& name, std::string_view suffix) {
  return name.substr(0, name.size() - suffix.size());
}

void add_types(TypeDescription& into, const TypeDescription& from) {
  into.types.insert(from.types.begin(), from.types.end());
}

TypeInfo described_by(TypeDescription description) {
  TypeInfo info{description.type_name, type_hash(description), 0, {}};
  info.describe = [description = std::move(description)] { return description; };
  return info;
}

}  // namespace

// The event message describes a call to service introspection, which clipseek does not have; it is part of the type.
TypeInfo service_type(const TypeInfo& request, const TypeInfo& response) {
  TypeDescription description{without(request.name, "_Request"), {}};
  const std::string event = description.type_name + "_Event";
  description.types[description.type_name] = {nested("request_message", request.name),
                                              nested("response_message", response.name),
                                              nested("event_message", event)};
  description.types[event] = {nested("info", ServiceEventInfo::type_name()), at_most_one("request", request.name),
                              at_most_one("response", response.name)};
  add_types(description, request.describe());
  add_types(description, response.describe());
  add_types(description, describe_type<ServiceEventInfo>());
  return described_by(std::move(description));
}

TypeInfo action_type(const ActionTypes& types) {
  const TypeInfo send_goal = service_type(types.send_goal_request, types.send_goal_response);
  const TypeInfo get_result = service_type(types.get_result_request, types.get_result_response);
  TypeDescription description{without(types.feedback.name, "_FeedbackMessage"), {}};
  const std::string name = description.type_name;
  description.types[name] = {nested("goal", name + "_Goal"),
                             nested("result", name + "_Result"),
                             nested("feedback", name + "_Feedback"),
                             nested("send_goal_service", send_goal.name),
                             nested("get_result_service", get_result.name),
                             nested("feedback_message", types.feedback.name)};
  add_types(description, send_goal.describe());
  add_types(description, get_result.describe());
  add_types(description, types.feedback.describe());
  return described_by(std::move(description));
}

}  // namespace clipseek::ros2
