// HTTP requests and responses as values (RFC 9110, RFC 9112).
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/unique_fd.h"
#include "clipseek/error.h"

namespace clipseek::http {

struct Header {
  std::string name;  // of a request: in lower case
  std::string value;
};

using Parameters = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method;
  std::string path;       // percent-decoded, UTF-8, begins with "/"
  Parameters parameters;  // of the query, decoded, UTF-8
  std::vector<Header> headers;
  std::string body;

  // The first one of that name, null if the request has none. A header's `name` is in lower case.
  const std::string* header(std::string_view name) const;
  const std::string* parameter(std::string_view name) const;
};

// An open regular file that is sent as a body without being read into memory. Its content may change while it is sent;
// no more than size() bytes are.
class FileBody {
 public:
  // Throws Error: kNotFound, kUnreadable; kCorrupt when it is not a regular file (which is never opened for reading).
  explicit FileBody(const std::filesystem::path& path);

  int descriptor() const { return file_.get(); }
  std::uint64_t size() const { return size_; }
  const std::string& tag() const { return tag_; }  // changes with the file: an entity tag without quotes
  std::string head(std::size_t limit) const;       // its first bytes, at most `limit`

 private:
  base::UniqueFd file_;
  std::uint64_t size_ = 0;
  std::string tag_;
};

// A body that continues until the client disconnects: server-sent events.
class Stream {
 public:
  struct Chunk {
    std::string bytes;
    bool end = false;  // these are the last
  };
  virtual ~Stream() = default;
  // The next bytes, which may be none. The server calls it on its own thread, about four times a second and only when
  // all bytes before these are sent. It must not block.
  virtual Chunk next() = 0;
};

using Body =
    std::variant<std::string, std::shared_ptr<const std::string>, std::unique_ptr<FileBody>, std::unique_ptr<Stream>>;

struct Response {
  int status = 200;
  std::vector<Header> headers;  // without Content-Length, Connection and Date, which the server adds
  Body body;

  void set(std::string_view name, std::string value);  // replaces one of that name, whatever its case
};

// An Error with its own HTTP status and stable name (docs/http-api.md, "Errors").
class StatusError : public Error {
 public:
  StatusError(int status, std::string name, const std::string& message)
      : Error(ErrorCode::kInvalidArgument, message), status_(status), name_(std::move(name)) {}
  int status() const { return status_; }
  const std::string& name() const { return name_; }

 private:
  int status_;
  std::string name_;
};

// {"error":{"code":...,"message":...}}
Response error_response(int status, std::string_view code, std::string_view message);
// The response for what a handler threw: "internal" for any exception that is not an Error. Call it in a catch block.
Response response_of_current_exception();

}  // namespace clipseek::http
