// Messages are plain structs that list their fields once, in visit_fields(); encoding, decoding and the type hash all
// use that list:
//
//   struct Header {
//     Time stamp;
//     std::string frame_id;
//     static std::string type_name() { return "std_msgs/msg/Header"; }
//     template <typename Self, typename Visitor>
//     static void visit_fields(Self& self, Visitor& visit) {
//       visit("stamp", self.stamp);
//       visit("frame_id", self.frame_id);
//     }
//   };
//
// A field is a primitive (std::byte is IDL's octet), a std::string, another message, or a std::array or std::vector of
// these. A bounded string or sequence passes its bound: visit("node_name", self.node_name, MaxLength{256}).
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "clipseek/error.h"
#include "ros2/cdr.h"

namespace clipseek::ros2 {

struct MaxLength {
  std::size_t value;
};

template <typename T>
concept Message = std::default_initializable<T> && requires {
  { T::type_name() } -> std::convertible_to<std::string>;
};

// A message of fixed size whose bytes in memory equal its bytes on the wire, declared by `static constexpr bool kPlain
// = true`. Only such messages can be sent through shared memory without a copy.
template <typename T>
concept PlainMessage = Message<T> && std::is_trivially_copyable_v<T> && T::kPlain;

// An action's Goal, Result and Feedback, with type_name() "package/action/Name".
template <typename T>
concept Action = requires {
  { T::type_name() } -> std::convertible_to<std::string>;
  requires Message<typename T::Goal> && Message<typename T::Result> && Message<typename T::Feedback>;
};

// A service's Request and Response, whose names end in _Request and _Response.
template <typename T>
concept Service = requires {
  requires Message<typename T::Request> && Message<typename T::Response>;
};

namespace detail {

template <typename T>
struct IsVector : std::false_type {};
template <typename T>
struct IsVector<std::vector<T>> : std::true_type {};
template <typename T>
struct IsArray : std::false_type {};
template <typename T, std::size_t N>
struct IsArray<std::array<T, N>> : std::true_type {};

// The minimum number of bytes of a T on the wire, without padding.
template <typename T>
std::size_t min_wire_bytes() {
  if constexpr (CdrPrimitive<T>) {
    return sizeof(T);
  } else if constexpr (IsArray<T>::value) {
    return std::tuple_size_v<T> * min_wire_bytes<typename T::value_type>();
  } else if constexpr (Message<T>) {
    static const std::size_t total = [] {
      std::size_t sum = 0;
      auto add = [&sum]<typename Field>(std::string_view, const Field&, MaxLength = {0}) {
        sum += min_wire_bytes<Field>();
      };
      auto message = std::make_unique<T>();
      T::visit_fields(*message, add);
      return std::max<std::size_t>(sum, 1);
    }();
    return total;
  } else {
    return sizeof(std::uint32_t);  // the length of a string or sequence
  }
}

class FieldWriter {
 public:
  explicit FieldWriter(CdrWriter& cdr) : cdr_(cdr) {}

  template <typename T>
  void operator()(std::string_view, const T& value) {
    write(value);
  }
  template <typename T>
  void operator()(std::string_view name, const T& value, MaxLength bound) {
    if (value.size() > bound.value) {
      throw Error(ErrorCode::kInvalidArgument,
                  "field " + std::string(name) + " is longer than its bound " + std::to_string(bound.value));
    }
    write(value);
  }

 private:
  template <typename T>
  void write(const T& value) {
    if constexpr (CdrPrimitive<T>) {
      cdr_.write(value);
    } else if constexpr (std::same_as<T, std::string>) {
      cdr_.write_string(value);
    } else if constexpr (Message<T>) {
      T::visit_fields(value, *this);
    } else {
      if constexpr (IsVector<T>::value) cdr_.write_length(value.size());
      write_elements(value);
    }
  }
  template <typename T>
  void write_elements(const T& values) {
    using Element = typename T::value_type;
    if constexpr (CdrPrimitive<Element> && !std::same_as<T, std::vector<bool>>) {
      cdr_.write_array(values.data(), values.size());
    } else {
      for (const auto& value : values) write<Element>(value);
    }
  }

  CdrWriter& cdr_;
};

class FieldReader {
 public:
  explicit FieldReader(CdrReader& cdr) : cdr_(cdr) {}

  template <typename T>
  void operator()(std::string_view, T& value) {
    read(value);
  }
  template <typename T>
  void operator()(std::string_view name, T& value, MaxLength bound) {
    read(value);
    if (value.size() > bound.value) {
      throw Error(ErrorCode::kCorrupt,
                  "field " + std::string(name) + " is longer than its bound " + std::to_string(bound.value));
    }
  }

 private:
  template <typename T>
  void read(T& value) {
    if constexpr (CdrPrimitive<T>) {
      value = cdr_.read<T>();
    } else if constexpr (std::same_as<T, std::string>) {
      value = cdr_.read_string();
    } else if constexpr (Message<T>) {
      T::visit_fields(value, *this);
    } else if constexpr (IsVector<T>::value) {
      read_sequence(value);
    } else if constexpr (CdrPrimitive<typename T::value_type>) {
      cdr_.read_array(value.data(), value.size());
    } else {
      for (auto& element : value) read(element);
    }
  }
  template <typename Element>
  void read_sequence(std::vector<Element>& values) {
    std::size_t count = cdr_.read_length(min_wire_bytes<Element>());
    values.clear();
    if constexpr (CdrPrimitive<Element> && !std::same_as<Element, bool>) {
      values.resize(count);
      cdr_.read_array(values.data(), count);
    } else {
      // No reserve(): memory grows with the elements that were read, not with the declared count.
      for (std::size_t i = 0; i < count; ++i) {
        Element element{};
        read(element);
        values.push_back(std::move(element));
      }
    }
  }

  CdrReader& cdr_;
};

}  // namespace detail

template <Message M>
Bytes serialize(const M& message) {
  CdrWriter cdr;
  detail::FieldWriter writer(cdr);
  M::visit_fields(message, writer);
  return cdr.take();
}

// Throws Error kCorrupt, with the type's name in its message, when `bytes` cannot be decoded as an M.
template <Message M>
void deserialize_into(std::span<const std::byte> bytes, M& message) {
  try {
    CdrReader cdr(bytes);
    detail::FieldReader reader(cdr);
    M::visit_fields(message, reader);
  } catch (const Error& error) {
    throw Error(error.code(), std::string(M::type_name()) + ": " + error.what());
  }
}

template <Message M>
M deserialize(std::span<const std::byte> bytes) {
  M message{};
  deserialize_into(bytes, message);
  return message;
}

}  // namespace clipseek::ros2
