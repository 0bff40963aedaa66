// Messages of the package rcl_interfaces: log lines and parameters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "ros2/message.h"
#include "ros2/msg/builtin_interfaces.h"

namespace clipseek::ros2 {

struct Log {
  Time stamp;
  std::uint8_t level = 0;
  std::string name;
  std::string msg;
  std::string file;
  std::string function;
  std::uint32_t line = 0;

  static std::string type_name() { return "rcl_interfaces/msg/Log"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("stamp", self.stamp);
    visit("level", self.level);
    visit("name", self.name);
    visit("msg", self.msg);
    visit("file", self.file);
    visit("function", self.function);
    visit("line", self.line);
  }
  bool operator==(const Log&) const = default;
};

// rcl_interfaces/msg/ParameterValue: `type` selects the field that holds the value. Code outside the wire format uses
// ParameterValue of parameter_value.h.
struct ParameterValueMessage {
  std::uint8_t type = 0;
  bool bool_value = false;
  std::int64_t integer_value = 0;
  double double_value = 0;
  std::string string_value;
  std::vector<std::byte> byte_array_value;
  std::vector<bool> bool_array_value;
  std::vector<std::int64_t> integer_array_value;
  std::vector<double> double_array_value;
  std::vector<std::string> string_array_value;

  static std::string type_name() { return "rcl_interfaces/msg/ParameterValue"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("type", self.type);
    visit("bool_value", self.bool_value);
    visit("integer_value", self.integer_value);
    visit("double_value", self.double_value);
    visit("string_value", self.string_value);
    visit("byte_array_value", self.byte_array_value);
    visit("bool_array_value", self.bool_array_value);
    visit("integer_array_value", self.integer_array_value);
    visit("double_array_value", self.double_array_value);
    visit("string_array_value", self.string_array_value);
  }
  bool operator==(const ParameterValueMessage&) const = default;
};

struct Parameter {
  std::string name;
  ParameterValueMessage value;

  static std::string type_name() { return "rcl_interfaces/msg/Parameter"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("name", self.name);
    visit("value", self.value);
  }
  bool operator==(const Parameter&) const = default;
};

// `node` is a fully qualified name.
struct ParameterEvent {
  Time stamp;
  std::string node;
  std::vector<Parameter> new_parameters;
  std::vector<Parameter> changed_parameters;
  std::vector<Parameter> deleted_parameters;

  static std::string type_name() { return "rcl_interfaces/msg/ParameterEvent"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("stamp", self.stamp);
    visit("node", self.node);
    visit("new_parameters", self.new_parameters);
    visit("changed_parameters", self.changed_parameters);
    visit("deleted_parameters", self.deleted_parameters);
  }
  bool operator==(const ParameterEvent&) const = default;
};

struct FloatingPointRange {
  double from_value = 0;
  double to_value = 0;
  double step = 0;

  static std::string type_name() { return "rcl_interfaces/msg/FloatingPointRange"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("from_value", self.from_value);
    visit("to_value", self.to_value);
    visit("step", self.step);
  }
  bool operator==(const FloatingPointRange&) const = default;
};

struct IntegerRange {
  std::int64_t from_value = 0;
  std::int64_t to_value = 0;
  std::uint64_t step = 0;

  static std::string type_name() { return "rcl_interfaces/msg/IntegerRange"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("from_value", self.from_value);
    visit("to_value", self.to_value);
    visit("step", self.step);
  }
  bool operator==(const IntegerRange&) const = default;
};

struct ParameterDescriptor {
  std::string name;
  std::uint8_t type = 0;
  std::string description;
  std::string additional_constraints;
  bool read_only = false;
  bool dynamic_typing = false;
  std::vector<FloatingPointRange> floating_point_range;
  std::vector<IntegerRange> integer_range;

  static std::string type_name() { return "rcl_interfaces/msg/ParameterDescriptor"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("name", self.name);
    visit("type", self.type);
    visit("description", self.description);
    visit("additional_constraints", self.additional_constraints);
    visit("read_only", self.read_only);
    visit("dynamic_typing", self.dynamic_typing);
    visit("floating_point_range", self.floating_point_range, MaxLength{1});
    visit("integer_range", self.integer_range, MaxLength{1});
  }
  bool operator==(const ParameterDescriptor&) const = default;
};

struct SetParametersResult {
  bool successful = false;
  std::string reason;

  static std::string type_name() { return "rcl_interfaces/msg/SetParametersResult"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("successful", self.successful);
    visit("reason", self.reason);
  }
  bool operator==(const SetParametersResult&) const = default;
};

struct ListParametersResult {
  std::vector<std::string> names;
  std::vector<std::string> prefixes;

  static std::string type_name() { return "rcl_interfaces/msg/ListParametersResult"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("names", self.names);
    visit("prefixes", self.prefixes);
  }
  bool operator==(const ListParametersResult&) const = default;
};

struct GetParameters {
  struct Request {
    std::vector<std::string> names;

    static std::string type_name() { return "rcl_interfaces/srv/GetParameters_Request"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("names", self.names);
    }
    bool operator==(const Request&) const = default;
  };
  struct Response {
    std::vector<ParameterValueMessage> values;

    static std::string type_name() { return "rcl_interfaces/srv/GetParameters_Response"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("values", self.values);
    }
    bool operator==(const Response&) const = default;
  };
};

struct GetParameterTypes {
  struct Request {
    std::vector<std::string> names;

    static std::string type_name() { return "rcl_interfaces/srv/GetParameterTypes_Request"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("names", self.names);
    }
    bool operator==(const Request&) const = default;
  };
  struct Response {
    std::vector<std::uint8_t> types;

    static std::string type_name() { return "rcl_interfaces/srv/GetParameterTypes_Response"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("types", self.types);
    }
    bool operator==(const Response&) const = default;
  };
};

struct SetParameters {
  struct Request {
    std::vector<Parameter> parameters;

    static std::string type_name() { return "rcl_interfaces/srv/SetParameters_Request"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("parameters", self.parameters);
    }
    bool operator==(const Request&) const = default;
  };
  struct Response {
    std::vector<SetParametersResult> results;

    static std::string type_name() { return "rcl_interfaces/srv/SetParameters_Response"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("results", self.results);
    }
    bool operator==(const Response&) const = default;
  };
};

struct SetParametersAtomically {
  struct Request {
    std::vector<Parameter> parameters;

    static std::string type_name() { return "rcl_interfaces/srv/SetParametersAtomically_Request"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("parameters", self.parameters);
    }
    bool operator==(const Request&) const = default;
  };
  struct Response {
    SetParametersResult result;

    static std::string type_name() { return "rcl_interfaces/srv/SetParametersAtomically_Response"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("result", self.result);
    }
    bool operator==(const Response&) const = default;
  };
};

struct DescribeParameters {
  struct Request {
    std::vector<std::string> names;

    static std::string type_name() { return "rcl_interfaces/srv/DescribeParameters_Request"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("names", self.names);
    }
    bool operator==(const Request&) const = default;
  };
  struct Response {
    std::vector<ParameterDescriptor> descriptors;

    static std::string type_name() { return "rcl_interfaces/srv/DescribeParameters_Response"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("descriptors", self.descriptors);
    }
    bool operator==(const Response&) const = default;
  };
};

struct ListParameters {
  struct Request {
    std::vector<std::string> prefixes;
    std::uint64_t depth = 0;

    static std::string type_name() { return "rcl_interfaces/srv/ListParameters_Request"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("prefixes", self.prefixes);
      visit("depth", self.depth);
    }
    bool operator==(const Request&) const = default;
  };
  struct Response {
    ListParametersResult result;

    static std::string type_name() { return "rcl_interfaces/srv/ListParameters_Response"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("result", self.result);
    }
    bool operator==(const Response&) const = default;
  };
};

}  // namespace clipseek::ros2
