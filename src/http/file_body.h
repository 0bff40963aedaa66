// A file that is sent as a body without being read into memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace clipseek::http {

// An open regular file. What it holds may change while it is sent; no more than size() bytes are.
class FileBody {
 public:
  // Throws Error: kNotFound, kUnreadable; kCorrupt when it is no regular file (which is never opened for reading).
  explicit FileBody(const std::filesystem::path& path);
  ~FileBody();
  FileBody(const FileBody&) = delete;
  FileBody& operator=(const FileBody&) = delete;

  int descriptor() const { return descriptor_; }
  std::uint64_t size() const { return size_; }
  // Changes with the file: an entity tag without quotes.
  const std::string& tag() const { return tag_; }
  // Its first bytes, at most `most`.
  std::string head(std::size_t most) const;

 private:
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
  std::string tag_;
};

}  // namespace clipseek::http
