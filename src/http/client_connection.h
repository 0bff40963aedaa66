// One client's connection: bytes in, requests out; responses in, bytes out. Never waits. Internal to http/.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "http/descriptor.h"
#include "http/server.h"

namespace clipseek::http {

using Clock = std::chrono::steady_clock;

// What a connection needs of the server. All on the loop's thread.
class ConnectionHost {
 public:
  virtual ~ConnectionHost() = default;
  virtual const ServerOptions& options() const = 0;
  virtual RouteDecision plan(const Request& request) = 0;
  // Hands a whole request to a worker; false when too many wait.
  virtual bool dispatch(std::uint64_t connection, Request request, RouteDecision plan) = 0;
  // Room for bytes of a body, false when there is none left; and giving it back.
  virtual bool reserve(std::size_t bytes) = 0;
  virtual void release(std::size_t bytes) = 0;
  virtual void refused() = 0;  // counts
  virtual bool stopping() const = 0;
};

class ClientConnection {
 public:
  ClientConnection(std::uint64_t id, Descriptor socket, ConnectionHost& host);
  ~ClientConnection();

  std::uint64_t id() const { return id_; }
  int descriptor() const { return socket_.get(); }
  // The socket is ready; `events` are epoll's.
  void ready(std::uint32_t events);
  // What the worker made of the request that was dispatched.
  void respond(Response response);
  // Called several times a second: deadlines, and what streams have to say.
  void tick(Clock::time_point now);

  // The events that it waits for.
  std::uint32_t interest() const;
  bool closed() const { return state_ == State::kClosed; }
  bool is_stream() const { return state_ == State::kStream; }
  // Between two requests, or before a whole header section: nothing is lost when it is closed.
  bool expendable() const { return state_ == State::kIdle || state_ == State::kHead; }
  // How much it would be missed when all connections are taken: 0, its request has not arrived whole; 1, its client
  // has been reading for long. Nothing while a worker has its request, or the client has just begun to read.
  std::optional<int> eviction_priority(Clock::time_point now) const;
  // The server stops before a worker is done with the request, or before all of it came: says so.
  void give_up();
  Clock::time_point since() const { return since_; }  // when it began to be what it is
  void close() { state_ = State::kClosed; }

 private:
  enum class State {
    kIdle,    // no byte of a request so far
    kHead,    // part of a header section is there
    kBody,    // the body is arriving
    kWork,    // a worker has the request
    kSend,    // the response is being sent
    kStream,  // the response goes on for as long as the client listens
    kLinger,  // all is said: waits for the client to close, so that it gets to read the response
    kClosed,
  };

  void enter(State state, std::chrono::milliseconds time);
  void receive();
  void advance();  // as far as the bytes in in_ allow
  bool take_head();
  void take_body();
  void request_arrived();
  void refuse();  // answers what is being thrown, and closes after that
  void start(Response response);
  void send();
  bool send_bytes(std::string_view bytes, bool more);
  bool send_file();
  void sent_all();
  void poll_stream();
  std::size_t body_size() const;

  std::uint64_t id_;
  Descriptor socket_;
  ConnectionHost& host_;
  State state_ = State::kIdle;
  Clock::time_point since_;
  Clock::time_point deadline_;
  std::string in_;            // received, not understood so far
  std::size_t searched_ = 0;  // of in_, for the end of the header section
  Request request_;
  RouteDecision plan_;
  std::uint64_t body_length_ = 1;  // of the request; differs from body_received_ until that has been read whole
  std::uint64_t body_received_ = 0;
  std::size_t reserved_ = 0;
  bool keep_alive_ = true;
  bool head_only_ = false;
  std::string out_;  // header section, or bytes of a stream
  Body body_;
  std::size_t out_sent_ = 0;
  std::uint64_t body_sent_ = 0;
};

}  // namespace clipseek::http
