#include "ros2/parameter_services.h"

#include "clipseek/error.h"

namespace clipseek::ros2 {
namespace {

// The items of all named parameters; empty when one of them is not declared, as in rclcpp.
template <typename Item, typename Find, typename Convert>
std::vector<Item> all_or_none(const std::vector<std::string>& names, Find find, Convert convert) {
  std::vector<Item> items;
  for (const std::string& name : names) {
    auto found = find(name);
    if (!found) return {};
    items.push_back(convert(*found));
  }
  return items;
}

GetParameters::Response get(const Parameters& parameters, const GetParameters::Request& request) {
  return {all_or_none<ParameterValueMessage>(
      request.names, [&](const std::string& name) { return parameters.find(name); }, to_message)};
}

GetParameterTypes::Response get_types(const Parameters& parameters, const GetParameterTypes::Request& request) {
  return {all_or_none<std::uint8_t>(
      request.names, [&](const std::string& name) { return parameters.find(name); },
      [](const ParameterValue& value) { return static_cast<std::uint8_t>(type_of(value)); })};
}

DescribeParameters::Response describe(const Parameters& parameters, const DescribeParameters::Request& request) {
  return {all_or_none<ParameterDescriptor>(
      request.names, [&](const std::string& name) { return parameters.describe(name); },
      [](const ParameterDescriptor& descriptor) { return descriptor; })};
}

SetParameters::Response set(Parameters& parameters, const SetParameters::Request& request) {
  SetParameters::Response response;
  for (const Parameter& parameter : request.parameters) {
    try {
      response.results.push_back(parameters.set(parameter.name, from_message(parameter.value)));
    } catch (const Error& error) {
      response.results.push_back({false, error.what()});
    }
  }
  return response;
}

SetParametersAtomically::Response set_atomically(Parameters& parameters,
                                                 const SetParametersAtomically::Request& request) {
  try {
    std::vector<std::pair<std::string, ParameterValue>> values;
    for (const Parameter& parameter : request.parameters) {
      values.emplace_back(parameter.name, from_message(parameter.value));
    }
    return {parameters.set_atomically(values)};
  } catch (const Error& error) {
    return {{false, error.what()}};
  }
}

}  // namespace

ParameterServices::ParameterServices(const std::shared_ptr<NodeCore>& core, Parameters& parameters)
    : get_(node_service<GetParameters>(core, "get_parameters",
                                       [&](const auto& request) { return get(parameters, request); })),
      get_types_(node_service<GetParameterTypes>(core, "get_parameter_types",
                                                 [&](const auto& request) { return get_types(parameters, request); })),
      set_(node_service<SetParameters>(core, "set_parameters",
                                       [&](const auto& request) { return set(parameters, request); })),
      set_atomically_(node_service<SetParametersAtomically>(
          core, "set_parameters_atomically", [&](const auto& request) { return set_atomically(parameters, request); })),
      describe_(node_service<DescribeParameters>(core, "describe_parameters",
                                                 [&](const auto& request) { return describe(parameters, request); })),
      list_(node_service<ListParameters>(core, "list_parameters", [&](const ListParameters::Request& request) {
        return ListParameters::Response{parameters.list(request.prefixes, request.depth)};
      })) {}

}  // namespace clipseek::ros2
