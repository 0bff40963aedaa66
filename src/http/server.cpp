#include "http/server.h"

#include <fcntl.h>

#include <boost/asio/steady_timer.hpp>
#include <system_error>
#include <thread>
#include <utility>

#include "base/log.h"
#include "http/connection.h"

namespace clipseek::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::milliseconds kTick{250};
constexpr std::chrono::milliseconds kClosingTime{1000};  // for clients to read the last responses

void listen(tcp::acceptor& acceptor, const std::string& address, int port) {
  error_code error;
  asio::ip::address number = asio::ip::make_address(address == "localhost" ? "127.0.0.1" : address, error);
  if (error) throw Error(ErrorCode::kInvalidArgument, "'" + address + "' is not an IPv4 or IPv6 address");
  tcp::endpoint endpoint(number, static_cast<std::uint16_t>(port));
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  std::string what = address + ", port " + std::to_string(port) + ": ";
  if (error == asio::error::address_in_use) {
    throw Error(ErrorCode::kUnavailable, what + "in use by another program; choose another port");
  }
  ErrorCode code = error == asio::error::access_denied ? ErrorCode::kUnreadable : ErrorCode::kInvalidArgument;
  if (error) throw Error(code, what + "cannot listen: " + error.message());
}

}  // namespace

class Server::Impl {
 public:
  Impl(ServerOptions options, std::function<RouteDecision(const Request&)> route);
  ~Impl();
  void start();
  int port() const { return port_; }
  Counts counts() const;

 private:
  void run();
  void accept();
  void admit();
  bool evict_one();
  void tick();
  void stop();
  void give_up();
  void closed();
  std::vector<std::shared_ptr<Connection>> all() const {
    return {state_.connections.begin(), state_.connections.end()};
  }

  ServerState state_;
  tcp::acceptor acceptor_{state_.io};
  int port_ = 0;
  std::optional<tcp::socket> pending_socket_;  // accepted, but waits until a connection becomes free
  bool accepting_ = false;
  asio::steady_timer timer_{state_.io};
  Clock::time_point stop_deadline_;
  bool gave_up_ = false;
  std::atomic<std::size_t> open_ = 0;
  std::atomic<std::uint64_t> accepted_ = 0;
  std::thread thread_;
};

Server::Impl::Impl(ServerOptions options, std::function<RouteDecision(const Request&)> route) {
  state_.options = std::move(options);
  state_.route = std::move(route);
  state_.on_close = [this] { closed(); };
  listen(acceptor_, state_.options.address, state_.options.port);
  port_ = acceptor_.local_endpoint().port();
  for (const WorkerPoolOptions& pool : state_.options.pools) {
    state_.pools.push_back(std::make_unique<base::WorkerPool>(pool.threads, pool.queue));
  }
}

void Server::Impl::start() {
  accept();
  tick();
  thread_ = std::thread([this] { run(); });
}

Server::Impl::~Impl() {
  if (thread_.joinable()) {
    asio::post(state_.io, [this] { stop(); });
    thread_.join();
  }
  for (auto& pool : state_.pools) pool->stop();
}

void Server::Impl::run() {
  for (bool done = false; !done;) {
    try {
      state_.io.run();
      done = true;
    } catch (const std::exception& error) {  // out of memory; the time limit of the connection closes it
      base::log_error(std::string("the HTTP server: ") + error.what());
    }
  }
}

Counts Server::Impl::counts() const {
  Counts counts{
      .connections = open_, .accepted = accepted_, .refused = state_.refused, .buffered_bytes = state_.buffered_bytes};
  for (const auto& pool : state_.pools) counts.queued += pool->waiting();
  return counts;
}

void Server::Impl::accept() {
  accepting_ = true;
  acceptor_.async_accept([this](const error_code& error, tcp::socket socket) {
    accepting_ = false;
    if (state_.stopping) return;
    if (error) {
      evict_one();  // the process may have run out of file descriptors; tick() accepts again
      return;
    }
    pending_socket_ = std::move(socket);
    admit();
  });
}

// Serves the pending socket and accepts the next one. When all connections are in use and none can be closed, the
// pending socket waits here, and later ones wait in the kernel's queue.
void Server::Impl::admit() {
  if (!pending_socket_) return;
  if (state_.connections.size() >= state_.options.limits.connections && !evict_one()) return;
  tcp::socket socket = *std::exchange(pending_socket_, std::nullopt);
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  socket.native_non_blocking(true, ignored);  // for sendfile
  ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
  auto connection = std::make_shared<Connection>(std::move(socket), state_);
  state_.connections.insert(connection);
  open_ = state_.connections.size();
  ++accepted_;
  connection->wait_for_request(state_.options.limits.head);
  accept();
}

// Closes the connection of the lowest rank. Returns false if all must stay open.
bool Server::Impl::evict_one() {
  Clock::time_point now = state_.options.now();
  std::shared_ptr<Connection> first;
  std::optional<EvictionRank> first_rank;
  for (const auto& connection : state_.connections) {
    std::optional<EvictionRank> rank = connection->eviction_rank(now);
    if (!rank || (first_rank && *first_rank <= *rank)) continue;
    first = connection;
    first_rank = rank;
  }
  if (first == nullptr) return false;
  first->close();
  return true;
}

void Server::Impl::closed() {
  open_ = state_.connections.size();
  if (state_.stopping && state_.connections.empty()) timer_.cancel();
  if (pending_socket_) asio::post(state_.io, [this] { admit(); });
}

void Server::Impl::tick() {
  timer_.expires_after(kTick);
  timer_.async_wait([this](const error_code&) {
    if (state_.stopping && state_.connections.empty()) return;  // run() ends, because no work is left
    tick();
    Clock::time_point now = state_.options.now();
    for (const auto& connection : all()) connection->tick(now);
    if (state_.stopping && now >= stop_deadline_) give_up();
    admit();
    if (!accepting_ && !pending_socket_ && !state_.stopping) accept();
  });
}

void Server::Impl::stop() {
  state_.stopping = true;
  stop_deadline_ = state_.options.now() + state_.options.limits.stop;
  error_code ignored;
  acceptor_.close(ignored);
  pending_socket_.reset();
  for (const auto& connection : all()) {
    if (connection->is_idle()) connection->close();
  }
  timer_.cancel();
}

// Answers 503 to the requests in progress, and closes the remaining connections after kClosingTime.
void Server::Impl::give_up() {
  for (const auto& connection : all()) gave_up_ ? connection->close() : connection->give_up();
  gave_up_ = true;
  stop_deadline_ = state_.options.now() + kClosingTime;
}

Server::Server(ServerOptions options, std::function<RouteDecision(const Request&)> route)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(route))) {}
Server::~Server() = default;

void Server::start() {
  impl_->start();
}

int Server::port() const {
  return impl_->port();
}

Counts Server::counts() const {
  return impl_->counts();
}

}  // namespace clipseek::http
