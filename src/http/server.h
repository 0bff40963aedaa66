// Start here: an HTTP/1.1 server that hostile clients cannot block. It does not depend on pictures.
//
// Boost.Asio's event loop on one thread owns all connections, and Boost.Beast parses the header sections. A slow client
// costs a buffer, not a thread: a worker gets a request only when all of it has arrived, and is free again before the
// response is sent.
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

// A pool of threads with its own queue, so that slow work in one pool does not delay quick work in another.
struct WorkerPoolOptions {
  int threads = 1;
  // Requests that may wait; further ones are answered 503 at once. A request with a worker or in the queue keeps its
  // connection, so that the threads and queues of slow pools must be fewer than Limits::connections.
  std::size_t queue = 256;
};

struct Limits {
  // When all are in use, the connection whose request has been arriving for the longest time is closed to accept the
  // next client, then the oldest stream, then the one whose client has been reading responses for the longest time.
  std::size_t connections = 256;
  std::size_t buffered_bytes = std::size_t{256} << 20;  // bodies of all requests together
  std::chrono::milliseconds idle{30'000};               // between two requests
  std::chrono::milliseconds head{10'000};               // for a header section, from its first byte or the connection
  std::chrono::milliseconds body{60'000};               // for a body
  std::chrono::milliseconds send{60'000};               // for a response, and a second more for each 32 KiB of it
  std::chrono::milliseconds queued{30'000};             // waiting for a worker
  std::chrono::milliseconds stop{5'000};  // for requests in progress when the server stops; then they are answered 503
};

struct ServerOptions {
  std::string address = "127.0.0.1";  // IPv4 or IPv6, or "localhost"
  int port = 0;                       // 0: any free port
  std::vector<WorkerPoolOptions> pools = std::vector<WorkerPoolOptions>(1);
  Limits limits;
  std::vector<Header> headers;  // defaults for every response
  // The time that all limits are measured with. Any thread calls it.
  std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

// How a request is to be handled.
struct RouteDecision {
  std::size_t body_limit = 0;  // a larger body is refused with 413 before it is read
  std::size_t pool = 0;        // index into ServerOptions::pools
  // Runs on a thread of that pool. It may move from the members of the request. If it throws,
  // response_of_current_exception() is the response.
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
  // Listens; clients wait until start(). Throws Error: kInvalidArgument (the address is malformed), kUnavailable (the
  // port is in use), kUnreadable (the port requires privileges).
  Server(ServerOptions options, std::function<RouteDecision(const Request&)> route);
  // Serves from now on; called once. Calls `route` on the event loop's thread when a header section has arrived, before
  // its body is read: `route` must not block, and throws to refuse the request. It and the handlers may use this
  // object, because the caller has it before they are called.
  void start();
  // Stops gracefully: accepts no new connections, answers the requests in progress within limits.stop, and answers 503
  // `unavailable` to those that no worker has finished by then. Then it waits for the workers.
  ~Server();

  int port() const;
  Counts counts() const;  // any thread

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace clipseek::http
