#include "nn/safetensors.h"

#include <algorithm>
#include <cstring>

#include "base/json.h"
#include "clipseek/error.h"

namespace clipseek::nn {
namespace {

constexpr std::uint64_t kMaxHeader = 100'000'000;  // the limit of the reference implementation
constexpr std::size_t kMaxRank = 8;

[[noreturn]] void corrupt(const std::filesystem::path& path, const std::string& what) {
  throw Error(ErrorCode::kCorrupt, path.string() + ": " + what);
}

std::string_view read_header(const base::MappedFile& file) {
  std::span<const std::byte> bytes = file.bytes();
  if (bytes.size() < 8) corrupt(file.path(), "too short for a safetensors file");
  std::uint64_t length = 0;
  for (int i = 7; i >= 0; --i) length = length << 8 | static_cast<std::uint64_t>(bytes[i]);
  if (length > kMaxHeader || length > bytes.size() - 8) {
    corrupt(file.path(), "not a safetensors file, or cut short: its header should have " + std::to_string(length) +
                             " bytes, and the file has " + std::to_string(bytes.size()));
  }
  return {reinterpret_cast<const char*>(bytes.data()) + 8, static_cast<std::size_t>(length)};
}

struct TypeInfo {
  std::string_view name;
  DType dtype;
  std::uint64_t bytes;
};

const TypeInfo* find_type(std::string_view name) {
  static constexpr TypeInfo kTypes[] = {{"F32", DType::kF32, 4},   {"F16", DType::kF16, 2},   {"BF16", DType::kBf16, 2},
                                        {"F64", DType::kOther, 8}, {"I64", DType::kOther, 8}, {"U64", DType::kOther, 8},
                                        {"I32", DType::kOther, 4}, {"U32", DType::kOther, 4}, {"I16", DType::kOther, 2},
                                        {"U16", DType::kOther, 2}, {"I8", DType::kOther, 1},  {"U8", DType::kOther, 1},
                                        {"BOOL", DType::kOther, 1}};
  for (const TypeInfo& type : kTypes) {
    if (type.name == name) return &type;
  }
  return nullptr;
}

const base::Json& member(const base::Json& entry, const char* key, const std::string& where) {
  const base::Json* value = entry.find(key);
  if (value == nullptr) throw Error(ErrorCode::kCorrupt, where + " has no " + key);
  return *value;
}

TensorView read_tensor(const std::filesystem::path& path, const std::string& name, const base::Json& entry,
                       std::span<const std::byte> data) {
  std::string where = path.string() + ": tensor " + name;
  TensorView tensor{name, DType::kOther, {}, {}};
  const std::string& type_name = member(entry, "dtype", where).as_string(where + ": dtype");
  const TypeInfo* type = find_type(type_name);
  if (type == nullptr) throw Error(ErrorCode::kUnsupported, where + " has the unknown dtype " + type_name);
  tensor.dtype = type->dtype;

  std::uint64_t size = type->bytes;
  const base::Json::Array& shape = member(entry, "shape", where).as_array(where + ": shape");
  if (shape.size() > kMaxRank) throw Error(ErrorCode::kCorrupt, where + " has too many dimensions");
  for (const base::Json& value : shape) {
    std::int64_t extent = value.as_integer(where + ": shape");
    if (extent < 0 || __builtin_mul_overflow(size, static_cast<std::uint64_t>(extent), &size)) {
      throw Error(ErrorCode::kCorrupt, where + " has an impossible shape");
    }
    tensor.shape.push_back(extent);
  }

  const base::Json::Array& offsets = member(entry, "data_offsets", where).as_array(where + ": data_offsets");
  if (offsets.size() != 2) throw Error(ErrorCode::kCorrupt, where + ": data_offsets is not a pair");
  std::int64_t begin = offsets[0].as_integer(where + ": data_offsets");
  std::int64_t end = offsets[1].as_integer(where + ": data_offsets");
  if (begin < 0 || end < begin || static_cast<std::uint64_t>(end) > data.size()) {
    throw Error(ErrorCode::kCorrupt, where + " lies outside the file (bytes " + std::to_string(begin) + " to " +
                                         std::to_string(end) + " of " + std::to_string(data.size()) +
                                         "): the file may be cut short");
  }
  if (static_cast<std::uint64_t>(end - begin) != size) {
    throw Error(ErrorCode::kCorrupt,
                where + " has " + std::to_string(end - begin) + " bytes where its shape needs " + std::to_string(size));
  }
  tensor.bytes = data.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(size));
  return tensor;
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i > 0 ? ", " : "") + std::to_string(shape[i]);
  return text + "]";
}

}  // namespace

SafetensorsFile::SafetensorsFile(const std::filesystem::path& path) : file_(path), header_(read_header(file_)) {
  std::span<const std::byte> data = file_.bytes().subspan(8 + header_.size());
  base::Json header = base::Json::parse(header_, path.string() + " (header)");
  for (const auto& [name, entry] : header.as_object(path.string() + ": the header")) {
    if (name == "__metadata__") continue;
    tensors_.push_back(read_tensor(path, name, entry, data));
  }
  std::sort(tensors_.begin(), tensors_.end(), [](const TensorView& a, const TensorView& b) {
    return a.bytes.data() != b.bytes.data() ? a.bytes.data() < b.bytes.data() : a.bytes.size() < b.bytes.size();
  });
  for (std::size_t i = 0; i < tensors_.size(); ++i) {
    if (!by_name_.emplace(tensors_[i].name, i).second) corrupt(path, "tensor " + tensors_[i].name + " is listed twice");
    if (i > 0 && tensors_[i - 1].bytes.data() + tensors_[i - 1].bytes.size() > tensors_[i].bytes.data()) {
      corrupt(path, "tensors " + tensors_[i - 1].name + " and " + tensors_[i].name + " share bytes");
    }
  }
}

const TensorView* SafetensorsFile::find(const std::string& name) const {
  auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &tensors_[found->second];
}

const TensorView& SafetensorsFile::get(const std::string& name, const std::vector<std::int64_t>& shape) const {
  const TensorView* tensor = find(name);
  if (tensor == nullptr) throw Error(ErrorCode::kModelMismatch, path().string() + " has no tensor " + name);
  if (tensor->shape != shape) {
    throw Error(ErrorCode::kModelMismatch, path().string() + ": tensor " + name + " is " + shape_text(tensor->shape) +
                                               " where the config requires " + shape_text(shape));
  }
  if (tensor->dtype == DType::kOther) {
    throw Error(ErrorCode::kUnsupported, path().string() + ": tensor " + name + " is neither F32, F16 nor BF16");
  }
  return *tensor;
}

}  // namespace clipseek::nn
