// Input files: mapped into memory, or read whole under a size limit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace clipseek::base {

// A file mapped read-only for as long as the object lives. Movable; safe to read from any number of threads. A file
// that another process truncates while it is mapped raises SIGBUS on access, as any mapping does: map only files that
// are written once (model weights), and use read_file() for pictures.
class MappedFile {
 public:
  // Throws Error: kNotFound, kUnreadable; kCorrupt when `path` is not a regular file.
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;

  std::span<const std::byte> bytes() const { return {data_, size_}; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

// Returns the whole content of a regular file. Throws Error: kNotFound, kUnreadable, kLimitExceeded when it is larger
// than `max_bytes`, kCorrupt when `path` is not a regular file (a FIFO or device is never read: that could block).
std::vector<std::byte> read_file(const std::filesystem::path& path, std::size_t max_bytes);
std::string read_text_file(const std::filesystem::path& path, std::size_t max_bytes);

// Returns the 128-bit XXH3 hash in 32 lower-case hex digits (xxhash.com, "XXH3 128 bits", seed 0). It identifies
// contents, but it is not cryptographic: two files can be made to collide on purpose.
std::string content_hash(std::span<const std::byte> bytes);

}  // namespace clipseek::base
