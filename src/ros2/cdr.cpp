#include "ros2/cdr.h"

#include <fastcdr/Cdr.h>
#include <fastcdr/FastBuffer.h>
#include <fastcdr/exceptions/Exception.h>

#include <cstring>
#include <limits>

#include "clipseek/error.h"

namespace clipseek::ros2 {
namespace {

using eprosima::fastcdr::Cdr;
using eprosima::fastcdr::FastBuffer;

constexpr std::size_t kEncapsulationBytes = 4;

Error truncated(const char* what) {
  return Error(ErrorCode::kCorrupt, std::string("the message ends inside a field or has an invalid value: ") + what);
}

// Fast CDR has overloads for std::uint8_t, not for std::byte.
template <typename T>
struct Wire {
  using Type = T;
};
template <>
struct Wire<std::byte> {
  using Type = std::uint8_t;
};

// Fast CDR needs a buffer of at least the encapsulation's size, also when the caller passes an empty or null span.
char* data_or_dummy(std::span<const std::byte> bytes) {
  static char dummy[kEncapsulationBytes] = {};
  if (bytes.size() < kEncapsulationBytes) return dummy;
  return const_cast<char*>(reinterpret_cast<const char*>(bytes.data()));  // FastBuffer takes char*; Cdr only reads it
}

}  // namespace

struct CdrWriter::Impl {
  // Fast CDR skips padding bytes, which would send uninitialized heap memory; this writes zeros instead.
  void align(std::size_t size) {
    while ((cdr.getSerializedDataLength() - kEncapsulationBytes) % size != 0) cdr.serialize(std::uint8_t{0});
  }

  FastBuffer buffer;
  Cdr cdr{buffer, Cdr::LITTLE_ENDIANNESS, Cdr::DDS_CDR};
};

CdrWriter::CdrWriter() : impl_(std::make_unique<Impl>()) {
  impl_->cdr.serialize_encapsulation();
}

CdrWriter::~CdrWriter() = default;

template <CdrPrimitive T>
void CdrWriter::write(T value) {
  impl_->align(sizeof(T));
  impl_->cdr.serialize(static_cast<typename Wire<T>::Type>(value));
}

template <CdrPrimitive T>
void CdrWriter::write_array(const T* values, std::size_t count) {
  if (count == 0) return;  // an empty array has no padding
  impl_->align(sizeof(T));
  impl_->cdr.serializeArray(reinterpret_cast<const typename Wire<T>::Type*>(values), count);
}

void CdrWriter::write_length(std::size_t length) {
  if (length > std::numeric_limits<std::uint32_t>::max()) {
    throw Error(ErrorCode::kLimitExceeded, std::to_string(length) + " elements do not fit into a message");
  }
  write(static_cast<std::uint32_t>(length));
}

void CdrWriter::write_string(std::string_view text) {
  write_length(text.size() + 1);
  write_array(text.data(), text.size());
  write('\0');
}

Bytes CdrWriter::take() {
  const auto* data = reinterpret_cast<const std::byte*>(impl_->buffer.getBuffer());
  return Bytes(data, data + impl_->cdr.getSerializedDataLength());
}

struct CdrReader::Impl {
  explicit Impl(std::span<const std::byte> bytes)
      : size(bytes.size()), buffer(data_or_dummy(bytes), std::max(bytes.size(), kEncapsulationBytes)) {}
  std::size_t size;
  FastBuffer buffer;
  Cdr cdr{buffer, Cdr::LITTLE_ENDIANNESS, Cdr::DDS_CDR};
};

CdrReader::CdrReader(std::span<const std::byte> bytes) : impl_(std::make_unique<Impl>(bytes)) {
  // 00 00 is big-endian and 00 01 little-endian CDR; a reader does not need the two option bytes that follow.
  bool plain = bytes.size() >= kEncapsulationBytes && bytes[0] == std::byte{0} && bytes[1] <= std::byte{1};
  if (!plain) throw Error(ErrorCode::kCorrupt, "the message does not begin with a plain CDR encapsulation");
  impl_->cdr.read_encapsulation();
}

CdrReader::~CdrReader() = default;

std::size_t CdrReader::remaining() const {
  return impl_->size - impl_->cdr.getSerializedDataLength();
}

template <CdrPrimitive T>
T CdrReader::read() {
  try {
    typename Wire<T>::Type value{};
    impl_->cdr.deserialize(value);
    return static_cast<T>(value);
  } catch (const eprosima::fastcdr::exception::Exception& error) {
    throw truncated(error.what());
  }
}

template <CdrPrimitive T>
void CdrReader::read_array(T* values, std::size_t count) {
  if (count == 0) return;
  if (count > remaining() / sizeof(T)) throw truncated("array");
  try {
    impl_->cdr.deserializeArray(reinterpret_cast<typename Wire<T>::Type*>(values), count);
  } catch (const eprosima::fastcdr::exception::Exception& error) {
    throw truncated(error.what());
  }
}

std::size_t CdrReader::read_length(std::size_t min_element_bytes) {
  std::size_t length = read<std::uint32_t>();
  if (length > remaining() / min_element_bytes) {
    throw Error(ErrorCode::kCorrupt, "the message declares " + std::to_string(length) + " elements where only " +
                                         std::to_string(remaining()) + " bytes follow");
  }
  return length;
}

// The length includes the terminating NUL; some writers send length 0 for an empty string.
std::string CdrReader::read_string() {
  std::string text(read_length(1), '\0');
  read_array(text.data(), text.size());
  if (!text.empty() && text.back() == '\0') text.pop_back();
  return text;
}

#define CLIPSEEK_CDR_PRIMITIVE(T)                                 \
  template void CdrWriter::write<T>(T);                           \
  template void CdrWriter::write_array<T>(const T*, std::size_t); \
  template T CdrReader::read<T>();                                \
  template void CdrReader::read_array<T>(T*, std::size_t);
CLIPSEEK_CDR_PRIMITIVE(bool)
CLIPSEEK_CDR_PRIMITIVE(std::byte)
CLIPSEEK_CDR_PRIMITIVE(char)
CLIPSEEK_CDR_PRIMITIVE(std::int8_t)
CLIPSEEK_CDR_PRIMITIVE(std::uint8_t)
CLIPSEEK_CDR_PRIMITIVE(std::int16_t)
CLIPSEEK_CDR_PRIMITIVE(std::uint16_t)
CLIPSEEK_CDR_PRIMITIVE(std::int32_t)
CLIPSEEK_CDR_PRIMITIVE(std::uint32_t)
CLIPSEEK_CDR_PRIMITIVE(std::int64_t)
CLIPSEEK_CDR_PRIMITIVE(std::uint64_t)
CLIPSEEK_CDR_PRIMITIVE(float)
CLIPSEEK_CDR_PRIMITIVE(double)
#undef CLIPSEEK_CDR_PRIMITIVE

}  // namespace clipseek::ros2
