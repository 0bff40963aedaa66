// One client's connection: receives requests, has workers handle them, sends responses. Internal to http/.
#pragma once

#include <array>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/worker_pool.h"
#include "http/server.h"

namespace clipseek::http {

using Clock = std::chrono::steady_clock;
class Connection;

// The state that the connections of one server share. Only the event loop's thread uses the members that are not
// atomic.
struct ServerState {
  ServerOptions options;
  std::function<RouteDecision(const Request&)> route;
  std::function<void()> on_close;  // called when a connection has left `connections`
  bool stopping = false;
  std::array<char, 64 << 10> discarded;  // receives bytes that are discarded
  std::atomic<std::size_t> buffered_bytes = 0;
  std::atomic<std::uint64_t> refused = 0;
  // Members are destroyed in reverse order: a waiting request holds its connection, whose socket needs the io_context.
  boost::asio::io_context io{1};
  std::set<std::shared_ptr<Connection>> connections;
  std::vector<std::unique_ptr<base::WorkerPool>> pools;
};

// A request that is passed to its handler. The bytes of its body count against Limits::buffered_bytes until the Job is
// destroyed, whatever happens to the connection.
class Job {
 public:
  explicit Job(ServerState& server) : server_(server) {}
  ~Job();
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;
  void reserve(std::size_t bytes);  // counts further bytes of the body; throws StatusError 503 above the limit

  Request request;
  RouteDecision decision;

 private:
  ServerState& server_;
  std::size_t reserved_ = 0;
};

// When all connections are in use, the one of the lowest rank is closed first: 0 while a request has not arrived
// completely, 1 for a stream, whose client can request it again, 2 when the client has been reading responses for a
// long time in total; of equal ranks, the one that has been waiting, streaming or reading for the longest time.
using EvictionRank = std::pair<int, Clock::time_point>;

// All functions run on the event loop's thread. Each step of a request ends by starting an asynchronous operation,
// whose handler Asio calls from the event loop: steps never nest, however many requests have arrived.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(boost::asio::ip::tcp::socket socket, ServerState& server);

  void wait_for_request(std::chrono::milliseconds time);  // for at most `time`; called first for a new connection
  void tick(Clock::time_point now);  // called several times a second: checks time limits and polls streams
  void give_up();                    // the server stops: answers 503 to a request in progress
  void close();

  // No request has arrived, so no request is lost when the connection is closed.
  bool is_idle() const { return state_ == State::kIdle || state_ == State::kHead; }
  // std::nullopt while a worker has the request or the client has been reading for a short time: then the connection
  // stays open.
  std::optional<EvictionRank> eviction_rank(Clock::time_point now) const;

 private:
  enum class State {
    kIdle,    // waits for the first byte of a request
    kHead,    // a header section is arriving
    kBody,    // a body is arriving
    kWork,    // a worker has the request
    kSend,    // the response is being sent
    kStream,  // the response continues until the client disconnects
    kLinger,  // all is sent: waits for the client to close, so that it can read the response
    kClosed,
  };

  void enter(State state, std::chrono::milliseconds time);
  template <typename Step>
  auto then(Step step);
  void receive_head();
  void take_head(std::size_t size);
  void receive_body();
  void dispatch();
  void refuse(Response response);
  void send(Response response);
  void send_body();
  void send_file();
  void poll_stream();
  void finish();
  void discard_input();

  ServerState& server_;
  boost::asio::ip::tcp::socket socket_;
  State state_ = State::kIdle;
  unsigned turn_ = 0;            // changes when pending operations are abandoned: their handlers then do nothing
  Clock::time_point since_;      // when it entered its state
  Clock::duration read_time_{};  // that earlier responses took the client to read
  Clock::time_point deadline_;
  std::string in_;  // received bytes that have not been processed yet
  std::shared_ptr<Job> job_;
  std::uint64_t body_left_ = 0;  // bytes of the request's body that have not been received
  bool keep_alive_ = false;
  bool head_only_ = false;  // the request's method is HEAD
  std::string out_;         // a header section, or bytes of a stream
  Body body_;
  std::uint64_t file_sent_ = 0;
  bool writing_ = false;  // bytes of a stream are being sent
};

}  // namespace clipseek::http
