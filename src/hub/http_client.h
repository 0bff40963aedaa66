// An HTTP client. Only http_client.cpp includes libcurl, which it uses.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace clipseek::hub {

struct HttpRequest {
  std::string url;
  std::string token;       // sent to the URL's own host only, never to a redirect's target; empty: no token
  std::uint64_t from = 0;  // requests the bytes from this offset on
};

struct HttpResponse {
  int status = 0;                            // of the last response; 0 where there was no response
  std::optional<std::uint64_t> length;       // Content-Length
  std::optional<std::uint64_t> range_start;  // of Content-Range
  std::optional<int> retry_after;            // Retry-After, seconds
  std::string error_code;                    // the hub's X-Error-Code: RepoNotFound, GatedRepo, ...
  std::string failure;                       // why the transfer failed; empty where it did not
  bool connected = false;                    // a connection to the host was established
  bool transient = false;                    // the failure may be temporary: a lost or stalled connection
};

// Runs one transfer at a time and keeps its connections open for the next one. Sends a User-Agent, follows at most five
// redirects (never from https to http), verifies certificates and honours the usual proxy variables.
class HttpClient {
 public:
  struct Options {
    int connect_seconds = 15;
    int stall_seconds = 30;
    std::function<bool()> stop;  // called about once a second, also while no data arrives; true ends the transfer
  };
  // Receives a body. Either function may throw: then the transfer ends and get() rethrows.
  struct Receiver {
    std::function<void(const HttpResponse&)> begin;               // before the first byte of a 2xx body
    std::function<void(std::span<const std::byte> bytes)> bytes;  // of a 2xx body
  };

  explicit HttpClient(Options options);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Throws Error kCancelled where `stop` returned true, kLimitExceeded for headers that are too long.
  HttpResponse get(const HttpRequest& request, const Receiver& receiver);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Returns `text` percent-encoded as one segment of a URL's path: '/' is encoded too.
std::string percent_encoded(const std::string& text);

}  // namespace clipseek::hub
