// HTTP over libcurl, which stays inside http_client.cpp.
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
  std::string token;       // sent to the address's own host only, never to one it redirects to; empty: none
  std::uint64_t from = 0;  // asks for the bytes from here on
};

struct HttpAnswer {
  int status = 0;                            // of the last answer; 0 where there was none
  std::optional<std::uint64_t> length;       // Content-Length
  std::optional<std::uint64_t> range_start;  // of Content-Range
  std::optional<int> retry_after;            // Retry-After, seconds
  std::string error_code;                    // the hub's X-Error-Code: RepoNotFound, GatedRepo, ...
  std::string failure;                       // why the transfer did not end; empty where it did
  bool reached = false;                      // a connection to the host came about
  bool broken = false;                       // it failed in a way that may pass: cut, stalled
};

// One at a time; keeps its connections open for the next. Names the client, follows at most five redirects (never from
// https to http), verifies certificates and honours the usual proxy variables.
class HttpClient {
 public:
  struct Options {
    int connect_seconds = 15;
    int stall_seconds = 30;
    std::function<bool()> stop;  // asked about once a second, also while nothing comes; true ends the transfer
  };
  // What becomes of a body. Either may throw: the transfer ends and get() rethrows.
  struct Receiver {
    std::function<void(const HttpAnswer&)> begin;                 // before the first byte of a 2xx body
    std::function<void(std::span<const std::byte> bytes)> bytes;  // of a 2xx body
  };

  explicit HttpClient(Options options);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Throws Error kCancelled where `stop` asked for it, kLimitExceeded for headers beyond all measure.
  HttpAnswer get(const HttpRequest& request, const Receiver& receiver);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Percent-encoded as one part of an address's path: '/' too.
std::string percent_encoded(const std::string& text);

}  // namespace clipseek::hub
