// A file that grows while it is downloaded.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include "base/unique_fd.h"
#include "clipseek/error.h"

namespace clipseek::hub {

// The file stays on disk when the object is destroyed. Every call throws Error kStorage where the operating system
// reports an error; its message names a full disk.
class PartialFile {
 public:
  explicit PartialFile(std::filesystem::path path);

  std::uint64_t size() const { return size_; }
  void append(std::span<const std::byte> bytes);
  void truncate(std::uint64_t size);  // to at most `size` bytes
  void sync();                        // writes the content to the disk

 private:
  std::filesystem::path path_;
  base::UniqueFd file_;
  std::uint64_t size_ = 0;
};

// Returns the Error for a failed write to `path`.
Error write_error(const std::filesystem::path& path, int error_number);

}  // namespace clipseek::hub
