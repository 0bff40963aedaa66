// The information about a message type that DDS discovery announces: its name and the RIHS01 hash of its definition
// (REP-2016). Both are derived from the message's visit_fields().
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ros2/message.h"

namespace clipseek::ros2 {

// Type ids of type_description_interfaces/msg/FieldType (Iron and later).
enum class FieldTypeId : int {
  kNested = 1,
  kInt8 = 2,
  kUint8 = 3,
  kInt16 = 4,
  kUint16 = 5,
  kInt32 = 6,
  kUint32 = 7,
  kInt64 = 8,
  kUint64 = 9,
  kFloat = 10,
  kDouble = 11,
  kBoolean = 15,
  kByte = 16,
  kString = 17,
  kBoundedString = 21,
};

struct FieldDescription {
  std::string name;
  int type_id = 0;  // a FieldTypeId, plus 48 for an array, 96 for a bounded and 144 for an unbounded sequence
  std::size_t capacity = 0;
  std::size_t string_capacity = 0;
  std::string nested_type_name;
};

// The fields of a type and of every type that it refers to, by type name.
struct TypeDescription {
  std::string type_name;
  std::map<std::string, std::vector<FieldDescription>> types;
};

// "RIHS01_" and 64 hex digits.
std::string type_hash(const TypeDescription& description);

struct TypeInfo {
  std::string name;            // "std_msgs/msg/String"
  std::string hash;            // "RIHS01_df66..."; empty: no hash is announced
  std::size_t plain_size = 0;  // sizeof a PlainMessage, 0 for other types
  std::function<TypeDescription()> describe{};
};

namespace detail {

template <typename T>
constexpr FieldTypeId primitive_id() {
  if constexpr (std::same_as<T, bool>) return FieldTypeId::kBoolean;
  if constexpr (std::same_as<T, std::byte>) return FieldTypeId::kByte;
  if constexpr (std::same_as<T, std::int8_t>) return FieldTypeId::kInt8;
  if constexpr (std::same_as<T, std::uint8_t>) return FieldTypeId::kUint8;
  if constexpr (std::same_as<T, std::int16_t>) return FieldTypeId::kInt16;
  if constexpr (std::same_as<T, std::uint16_t>) return FieldTypeId::kUint16;
  if constexpr (std::same_as<T, std::int32_t>) return FieldTypeId::kInt32;
  if constexpr (std::same_as<T, std::uint32_t>) return FieldTypeId::kUint32;
  if constexpr (std::same_as<T, std::int64_t>) return FieldTypeId::kInt64;
  if constexpr (std::same_as<T, std::uint64_t>) return FieldTypeId::kUint64;
  if constexpr (std::same_as<T, float>) return FieldTypeId::kFloat;
  if constexpr (std::same_as<T, double>) return FieldTypeId::kDouble;
}

template <Message M>
void describe(TypeDescription& into);

// Describes the element type of a field; `bound` is the maximum length of a string, 0 for none.
template <typename T>
void describe_element(TypeDescription& into, FieldDescription& field, std::size_t bound) {
  if constexpr (CdrPrimitive<T>) {
    field.type_id = static_cast<int>(primitive_id<T>());
  } else if constexpr (std::same_as<T, std::string>) {
    field.type_id = static_cast<int>(bound > 0 ? FieldTypeId::kBoundedString : FieldTypeId::kString);
    field.string_capacity = bound;
  } else {
    field.type_id = static_cast<int>(FieldTypeId::kNested);
    field.nested_type_name = T::type_name();
    describe<T>(into);
  }
}

template <typename T>
FieldDescription describe_field(TypeDescription& into, std::string_view name, std::size_t bound) {
  constexpr int kArray = 48;
  constexpr int kBoundedSequence = 96;
  constexpr int kUnboundedSequence = 144;
  FieldDescription field;
  field.name = name;
  if constexpr (IsArray<T>::value) {
    describe_element<typename T::value_type>(into, field, 0);
    field.type_id += kArray;
    field.capacity = std::tuple_size_v<T>;
  } else if constexpr (IsVector<T>::value) {
    describe_element<typename T::value_type>(into, field, 0);
    field.type_id += bound > 0 ? kBoundedSequence : kUnboundedSequence;
    field.capacity = bound;
  } else {
    describe_element<T>(into, field, bound);
  }
  return field;
}

template <Message M>
void describe(TypeDescription& into) {
  if (!into.types.try_emplace(M::type_name()).second) return;
  std::vector<FieldDescription> fields;
  auto visit = [&]<typename T>(std::string_view name, const T&, MaxLength bound = {0}) {
    fields.push_back(describe_field<T>(into, name, bound.value));
  };
  auto message = std::make_unique<M>();  // on the heap, because some messages contain a whole picture
  M::visit_fields(*message, visit);
  into.types[M::type_name()] = std::move(fields);
}

}  // namespace detail

template <Message M>
TypeDescription describe_type() {
  TypeDescription description{M::type_name(), {}};
  detail::describe<M>(description);
  return description;
}

template <Message M>
const TypeInfo& type_info() {
  static const TypeInfo info = [] {
    TypeInfo made{M::type_name(), type_hash(describe_type<M>()), 0, &describe_type<M>};
    if constexpr (PlainMessage<M>) made.plain_size = sizeof(M);
    return made;
  }();
  return info;
}

}  // namespace clipseek::ros2
