#include "http/message.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <exception>
#include <new>

#include "base/ascii.h"
#include "base/json.h"
#include "base/log.h"
#include "base/system_error.h"

namespace clipseek::http {

const std::string* Request::header(std::string_view name) const {
  for (const Header& header : headers) {
    if (header.name == name) return &header.value;
  }
  return nullptr;
}

const std::string* Request::parameter(std::string_view name) const {
  for (const auto& [key, value] : parameters) {
    if (key == name) return &value;
  }
  return nullptr;
}

void Response::set(std::string_view name, std::string value) {
  for (Header& header : headers) {
    if (!base::equal_ignoring_case(header.name, name)) continue;
    header.value = std::move(value);
    return;
  }
  headers.push_back({std::string(name), std::move(value)});
}

// Without O_NONBLOCK, opening a FIFO would wait for a writer.
FileBody::FileBody(const std::filesystem::path& path)
    : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {
  if (!file_) throw base::system_error("open", path.string(), errno);
  struct stat status {};
  if (::fstat(file_.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    throw Error(ErrorCode::kCorrupt, path.string() + " is not a regular file");
  }
  size_ = static_cast<std::uint64_t>(status.st_size);
  tag_ = std::to_string(status.st_ino) + "-" + std::to_string(status.st_size) + "-" +
         std::to_string(status.st_mtim.tv_sec) + "-" + std::to_string(status.st_mtim.tv_nsec);
}

std::string FileBody::head(std::size_t limit) const {
  std::string bytes(limit, '\0');
  ssize_t got = ::pread(file_.get(), bytes.data(), bytes.size(), 0);
  bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return bytes;
}

Response error_response(int status, std::string_view code, std::string_view message) {
  Response response;
  response.status = status;
  response.set("Content-Type", "application/json");
  response.set("Cache-Control", "no-store");
  if (status == 401) response.set("WWW-Authenticate", "Bearer");
  if (status == 503) response.set("Retry-After", "2");
  response.body =
      base::Json(base::Json::Object{{"error", base::Json::Object{{"code", code}, {"message", message}}}}).dump() + "\n";
  return response;
}

Response response_of_current_exception() {
  try {
    throw;
  } catch (const StatusError& error) {
    return error_response(error.status(), error.name(), error.what());
  } catch (const Error& error) {
    const ErrorInfo& info = error_info(error.code());
    return error_response(info.http_status, info.name, error.what());
  } catch (const std::bad_alloc&) {
    return error_response(503, "busy", "not enough memory for this request now");
  } catch (const std::exception& error) {
    base::log_error(std::string("internal error: ") + error.what());
    return error_response(500, "internal", "an internal error; the server's log tells more");
  }
}

}  // namespace clipseek::http
