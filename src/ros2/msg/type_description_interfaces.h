// Messages of the package type_description_interfaces. Code outside the wire format uses TypeDescription of
// type_info.h.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ros2/message.h"

namespace clipseek::ros2 {

struct FieldTypeMessage {
  std::uint8_t type_id = 0;
  std::uint64_t capacity = 0;
  std::uint64_t string_capacity = 0;
  std::string nested_type_name;

  static std::string type_name() { return "type_description_interfaces/msg/FieldType"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("type_id", self.type_id);
    visit("capacity", self.capacity);
    visit("string_capacity", self.string_capacity);
    visit("nested_type_name", self.nested_type_name, MaxLength{255});
  }
  bool operator==(const FieldTypeMessage&) const = default;
};

struct FieldMessage {
  std::string name;
  FieldTypeMessage type;
  std::string default_value;

  static std::string type_name() { return "type_description_interfaces/msg/Field"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("name", self.name);
    visit("type", self.type);
    visit("default_value", self.default_value);
  }
  bool operator==(const FieldMessage&) const = default;
};

struct IndividualTypeDescription {
  std::string name;  // the field type_name
  std::vector<FieldMessage> fields;

  static std::string type_name() { return "type_description_interfaces/msg/IndividualTypeDescription"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("type_name", self.name, MaxLength{255});
    visit("fields", self.fields);
  }
  bool operator==(const IndividualTypeDescription&) const = default;
};

struct TypeDescriptionMessage {
  IndividualTypeDescription type_description;
  std::vector<IndividualTypeDescription> referenced_type_descriptions;

  static std::string type_name() { return "type_description_interfaces/msg/TypeDescription"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("type_description", self.type_description);
    visit("referenced_type_descriptions", self.referenced_type_descriptions);
  }
  bool operator==(const TypeDescriptionMessage&) const = default;
};

struct TypeSource {
  std::string name;  // the field type_name
  std::string encoding;
  std::string raw_file_contents;

  static std::string type_name() { return "type_description_interfaces/msg/TypeSource"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("type_name", self.name);
    visit("encoding", self.encoding);
    visit("raw_file_contents", self.raw_file_contents);
  }
  bool operator==(const TypeSource&) const = default;
};

struct TypeKeyValue {
  std::string key;
  std::string value;

  static std::string type_name() { return "type_description_interfaces/msg/KeyValue"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("key", self.key);
    visit("value", self.value);
  }
  bool operator==(const TypeKeyValue&) const = default;
};

struct GetTypeDescription {
  struct Request {
    std::string name;  // the field type_name
    std::string type_hash;
    bool include_type_sources = false;

    static std::string type_name() { return "type_description_interfaces/srv/GetTypeDescription_Request"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("type_name", self.name);
      visit("type_hash", self.type_hash);
      visit("include_type_sources", self.include_type_sources);
    }
    bool operator==(const Request&) const = default;
  };
  struct Response {
    bool successful = false;
    std::string failure_reason;
    TypeDescriptionMessage type_description;
    std::vector<TypeSource> type_sources;
    std::vector<TypeKeyValue> extra_information;

    static std::string type_name() { return "type_description_interfaces/srv/GetTypeDescription_Response"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("successful", self.successful);
      visit("failure_reason", self.failure_reason);
      visit("type_description", self.type_description);
      visit("type_sources", self.type_sources);
      visit("extra_information", self.extra_information);
    }
    bool operator==(const Response&) const = default;
  };
};

}  // namespace clipseek::ros2
