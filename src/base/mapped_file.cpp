#include "base/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/system_error.h"
#include "base/unique_fd.h"
#include "clipseek/error.h"

namespace clipseek::base {
namespace {

// O_NONBLOCK keeps the open of a FIFO without a writer from blocking; it has no effect on regular files.
UniqueFd open_for_reading(const std::filesystem::path& path) {
  UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) throw system_error("open", path.string(), errno);
  return file;
}

std::size_t regular_file_size(const UniqueFd& file, const std::filesystem::path& path) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw system_error("read", path.string(), errno);
  if (S_ISDIR(status.st_mode)) throw Error(ErrorCode::kCorrupt, path.string() + " is a folder, not a file");
  if (!S_ISREG(status.st_mode)) throw Error(ErrorCode::kCorrupt, path.string() + " is not a regular file");
  return static_cast<std::size_t>(status.st_size);
}

// Reads up to `size` bytes or the end of the file and returns how many bytes it read: another process can truncate the
// file during the read.
std::size_t read_fully(const UniqueFd& file, const std::filesystem::path& path, void* into, std::size_t size) {
  std::size_t done = 0;
  while (done < size) {
    ssize_t got = ::read(file.get(), static_cast<char*>(into) + done, size - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw system_error("read", path.string(), errno);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

template <typename Container>
Container read_whole(const std::filesystem::path& path, std::size_t max_bytes) {
  const UniqueFd file = open_for_reading(path);
  std::size_t size = regular_file_size(file, path);
  if (size > max_bytes) {
    throw Error(ErrorCode::kLimitExceeded, path.string() + " has " + std::to_string(size) + " bytes; at most " +
                                               std::to_string(max_bytes) + " are read");
  }
  Container content(size, typename Container::value_type{});
  content.resize(read_fully(file, path, content.data(), size));
  return content;
}

}  // namespace

MappedFile::MappedFile(const std::filesystem::path& path) : path_(path) {
  const UniqueFd file = open_for_reading(path);
  size_ = regular_file_size(file, path);
  if (size_ == 0) return;
  void* address = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (address == MAP_FAILED) throw system_error("map", path.string(), errno);
  data_ = static_cast<const std::byte*>(address);
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<std::byte*>(data_), size_);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : path_(std::move(other.path_)), data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

std::vector<std::byte> read_file(const std::filesystem::path& path, std::size_t max_bytes) {
  return read_whole<std::vector<std::byte>>(path, max_bytes);
}

std::string read_text_file(const std::filesystem::path& path, std::size_t max_bytes) {
  return read_whole<std::string>(path, max_bytes);
}

std::string content_hash(std::span<const std::byte> bytes) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(bytes.data(), bytes.size()));
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (unsigned char byte : canonical.digest) {
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

}  // namespace clipseek::base
