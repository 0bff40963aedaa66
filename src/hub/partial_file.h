// A file that grows while it is fetched.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include "base/unique_fd.h"
#include "clipseek/error.h"

namespace clipseek::hub {

// Stays on disk as it is when the object goes. Every call throws Error kStorage or kUnreadable where the disk refuses;
// that of a full disk says so.
class PartialFile {
 public:
  explicit PartialFile(std::filesystem::path path);

  std::uint64_t size() const { return size_; }
  void append(std::span<const std::byte> bytes);
  void cut(std::uint64_t size);  // to at most that size
  void sync();                   // to the disk itself

 private:
  std::filesystem::path path_;
  base::UniqueFd file_;
  std::uint64_t size_ = 0;
};

// The Error for a failed write to `path`.
Error write_error(const std::filesystem::path& path, int error_number);

}  // namespace clipseek::hub
