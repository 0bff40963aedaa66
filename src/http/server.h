// Start here: an HTTP/1.1 server for a hostile world. It knows nothing of pictures.
//
// One thread (an epoll loop) owns all connections and never waits for one: a slow client costs a buffer, not a thread.
// Only when a request has arrived whole does a worker get it, and the worker is free again before the response is sent.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "http/message.h"

namespace clipseek::http {

// Workers of one kind, so that slow work of one kind does not keep quick work of another waiting.
struct WorkerPoolOptions {
  int threads = 1;
  std::size_t queue = 256;  // requests that may wait; further ones are answered 503 at once
};

struct Limits {
  // Beyond, the one that has been slowest to send its request gives way, then who has read longest at an answer.
  std::size_t connections = 256;
  std::size_t buffered_bytes = std::size_t{256} << 20;  // bodies of all requests together
  std::chrono::milliseconds idle{30'000};               // between two requests
  std::chrono::milliseconds head{10'000};               // for a header section, from its first byte or the connection
  std::chrono::milliseconds body{60'000};               // for a body
  std::chrono::milliseconds send{60'000};               // for a response, and a second more for each 32 KiB of it
  std::chrono::milliseconds queued{30'000};             // waiting for a worker
  std::chrono::milliseconds stop{5'000};  // for what is under way when the server stops; then it is answered 503
};

struct ServerOptions {
  std::string address = "127.0.0.1";  // IPv4 or IPv6, or "localhost"
  int port = 0;                       // 0: any that is free
  std::vector<WorkerPoolOptions> lanes = std::vector<WorkerPoolOptions>(1);
  Limits limits;
  std::vector<Header> headers;  // of every response that does not set them itself
};

// What is to be done with a request.
struct RouteDecision {
  std::size_t body_limit = 0;  // a larger body is refused with 413 before it is read
  std::size_t lane = 0;        // index into ServerOptions::lanes
  // On one of the lane's threads. May move parts out of the request. May throw: response_of_current_exception() then
  // answers.
  std::function<Response(Request&)> handle;
};

struct Counts {
  std::size_t connections = 0;     // open now
  std::uint64_t accepted = 0;      // connections so far
  std::uint64_t refused = 0;       // requests that the server answered itself: malformed, too large, too slow, too many
  std::size_t queued = 0;          // requests that wait for a worker now
  std::size_t buffered_bytes = 0;  // of bodies, now
};

class Server {
 public:
  // `plan` is called on the loop's thread when a header section has arrived, before its body: it must not block. It may
  // throw to refuse the request. Listens and serves from now on. Throws Error: kInvalidArgument (no address),
  // kUnavailable (the port is taken), kUnreadable (the port needs rights).
  Server(ServerOptions options, std::function<RouteDecision(const Request&)> plan);
  // Stops in good order: no new connections; what is under way is answered within limits.stop, with 503 `unavailable`
  // where no worker has finished it by then. Then it waits for the workers.
  ~Server();

  int port() const;
  Counts counts() const;  // any thread

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace clipseek::http
