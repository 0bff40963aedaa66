#include "hub/partial_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/system_error.h"

namespace clipseek::hub {

Error write_error(const std::filesystem::path& path, int error_number) {
  if (error_number == ENOSPC || error_number == EDQUOT) {
    return {ErrorCode::kStorage,
            "no space left for " + path.string() +
                ": the bytes fetched so far are kept; free some space and pull again, or set HF_HUB_CACHE " +
                "to a folder on another disk"};
  }
  Error error = base::system_error("write", path.string(), error_number);
  return {ErrorCode::kStorage, error.what()};
}

PartialFile::PartialFile(std::filesystem::path path)
    : path_(std::move(path)), file_(::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666)) {
  struct stat status {};
  if (file_.get() < 0 || ::fstat(file_.get(), &status) != 0) throw write_error(path_, errno);
  if (!S_ISREG(status.st_mode)) throw Error(ErrorCode::kStorage, path_.string() + " is not a regular file");
  size_ = static_cast<std::uint64_t>(status.st_size);
}

void PartialFile::append(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    ssize_t written = ::pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(size_));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw write_error(path_, errno);
    size_ += static_cast<std::uint64_t>(written);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void PartialFile::truncate(std::uint64_t size) {
  if (size >= size_) return;
  if (::ftruncate(file_.get(), static_cast<off_t>(size)) != 0) throw write_error(path_, errno);
  size_ = size;
}

void PartialFile::sync() {
  if (::fsync(file_.get()) != 0) throw write_error(path_, errno);
}

}  // namespace clipseek::hub
