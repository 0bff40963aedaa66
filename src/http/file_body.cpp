#include "http/file_body.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/system_error.h"
#include "clipseek/error.h"

namespace clipseek::http {

FileBody::FileBody(const std::filesystem::path& path) {
  // Without O_NONBLOCK a FIFO would wait here for a writer.
  descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor_ < 0) throw base::system_error("open", path.string(), errno);
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(descriptor_);
    throw Error(ErrorCode::kCorrupt, path.string() + " is no regular file");
  }
  size_ = static_cast<std::uint64_t>(status.st_size);
  tag_ = std::to_string(status.st_ino) + "-" + std::to_string(status.st_size) + "-" +
         std::to_string(status.st_mtim.tv_sec) + "-" + std::to_string(status.st_mtim.tv_nsec);
}

FileBody::~FileBody() {
  ::close(descriptor_);
}

std::string FileBody::head(std::size_t most) const {
  std::string bytes(most, '\0');
  ssize_t got = ::pread(descriptor_, bytes.data(), bytes.size(), 0);
  bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return bytes;
}

}  // namespace clipseek::http
