// HTTP requests and responses as values (RFC 9110, RFC 9112).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "clipseek/error.h"
#include "http/file_body.h"

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
  int minor_version = 1;  // HTTP/1.0 or 1.1
  std::vector<Header> headers;
  std::string body;

  // The first of that name, null where there is none. `name` is in lower case.
  const std::string* header(std::string_view name) const;
  const std::string* parameter(std::string_view name) const;
};

// What is sent bit by bit for as long as the client listens: server-sent events.
class Stream {
 public:
  struct Chunk {
    std::string bytes;
    bool end = false;  // nothing comes after these
  };
  virtual ~Stream() = default;
  // What there is to say now, maybe nothing. Called on the server's own thread, about four times a second and only when
  // all before it was sent: it must not block.
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

// An Error that has an HTTP status and a stable name of its own (docs/http-api.md, "Errors").
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

std::string_view reason_phrase(int status);

// {"error":{"code":...,"message":...}}
Response error_response(int status, std::string_view code, std::string_view message);
// The response for what a handler threw; any other exception than an Error is an "internal" one. Call it in a catch.
Response response_of_current_exception();

}  // namespace clipseek::http
