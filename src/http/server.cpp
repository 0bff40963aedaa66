#include "http/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <utility>

#include "base/log.h"
#include "base/system_error.h"
#include "http/client_connection.h"
#include "http/descriptor.h"
#include "http/worker_pool.h"

namespace clipseek::http {
namespace {

constexpr std::chrono::milliseconds kTick{250};
constexpr std::chrono::milliseconds kFarewell{1000};  // for the last refusals to be read
constexpr std::uint64_t kListener = 0;
constexpr std::uint64_t kWakeUp = 1;
constexpr std::uint64_t kFirstConnection = 2;

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

SocketAddress parse_address(const std::string& text, int port) {
  SocketAddress address;
  auto* four = reinterpret_cast<sockaddr_in*>(&address.storage);
  auto* six = reinterpret_cast<sockaddr_in6*>(&address.storage);
  const std::string numbers = text == "localhost" ? "127.0.0.1" : text;
  if (::inet_pton(AF_INET, numbers.c_str(), &four->sin_addr) == 1) {
    four->sin_family = AF_INET;
    four->sin_port = htons(static_cast<std::uint16_t>(port));
    address.size = sizeof(sockaddr_in);
  } else if (::inet_pton(AF_INET6, numbers.c_str(), &six->sin6_addr) == 1) {
    six->sin6_family = AF_INET6;
    six->sin6_port = htons(static_cast<std::uint16_t>(port));
    address.size = sizeof(sockaddr_in6);
  } else {
    throw Error(ErrorCode::kInvalidArgument, "'" + text + "' is no IPv4 or IPv6 address");
  }
  return address;
}

Descriptor listen_on(const ServerOptions& options) {
  SocketAddress address = parse_address(options.address, options.port);
  Descriptor socket(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  int yes = 1;
  if (socket) ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  if (socket && ::bind(socket.get(), address.get(), address.size) == 0 && ::listen(socket.get(), SOMAXCONN) == 0) {
    return socket;
  }
  int reason = errno;
  std::string what = options.address + ", port " + std::to_string(options.port) + ": ";
  if (reason == EADDRINUSE) {
    throw Error(ErrorCode::kUnavailable, what + "in use by another program; choose another port");
  }
  ErrorCode code = reason == EACCES ? ErrorCode::kUnreadable : ErrorCode::kInvalidArgument;
  throw Error(code, what + "cannot listen: " + std::generic_category().message(reason));
}

int port_of(const Descriptor& socket) {
  SocketAddress address;
  address.size = sizeof(address.storage);
  if (::getsockname(socket.get(), address.get(), &address.size) != 0) return 0;
  bool four = address.storage.ss_family == AF_INET;
  return ntohs(four ? reinterpret_cast<sockaddr_in*>(&address.storage)->sin_port
                    : reinterpret_cast<sockaddr_in6*>(&address.storage)->sin6_port);
}

}  // namespace

class Server::Loop : public ConnectionHost {
 public:
  Loop(ServerOptions options, std::function<RouteDecision(const Request&)> plan);
  ~Loop() override;

  int port() const { return port_; }
  Counts counts() const;

  const ServerOptions& options() const override { return options_; }
  RouteDecision plan(const Request& request) override { return plan_(request); }
  bool dispatch(std::uint64_t connection, Request request, RouteDecision plan) override;
  bool reserve(std::size_t bytes) override;
  void release(std::size_t bytes) override { buffered_ -= bytes; }
  void refused() override { ++refused_; }
  bool stopping() const override { return stopping_; }

 private:
  void run();
  bool done();
  void begin_to_stop();
  void give_up();
  void wait();
  void accept_all();
  bool evict_one();
  void deliver();
  void update_interest(ClientConnection& connection);
  void tick();
  std::vector<ClientConnection*> all() const;
  void watch(int descriptor, std::uint64_t id, std::uint32_t events, int operation);
  void wake_up();

  ServerOptions options_;
  std::function<RouteDecision(const Request&)> plan_;
  Descriptor listener_;
  int port_;
  Descriptor epoll_;
  Descriptor event_;
  std::unordered_map<std::uint64_t, std::unique_ptr<ClientConnection>> connections_;
  std::unordered_map<std::uint64_t, std::uint32_t> watched_;
  std::uint64_t next_id_ = kFirstConnection;
  bool listening_ = true;
  Clock::time_point next_tick_;
  Clock::time_point stop_deadline_;
  bool gave_up_ = false;

  std::atomic<bool> stopping_ = false;
  std::atomic<std::size_t> buffered_ = 0;
  std::atomic<std::size_t> open_ = 0;
  std::atomic<std::uint64_t> accepted_ = 0;
  std::atomic<std::uint64_t> refused_ = 0;

  std::mutex answers_mutex_;
  std::vector<std::pair<std::uint64_t, Response>> answers_;  // of the workers, on their way to the loop

  std::vector<std::unique_ptr<WorkerPool>> lanes_;
  std::jthread thread_;
};

Server::Loop::Loop(ServerOptions options, std::function<RouteDecision(const Request&)> plan)
    : options_(std::move(options)),
      plan_(std::move(plan)),
      listener_(listen_on(options_)),
      port_(port_of(listener_)),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!epoll_ || !event_) throw base::system_error("watch", "connections", errno);
  for (const WorkerPoolOptions& lane : options_.lanes) {
    lanes_.push_back(std::make_unique<WorkerPool>(lane.threads, lane.queue, options_.limits.queued));
  }
  watch(listener_.get(), kListener, EPOLLIN, EPOLL_CTL_ADD);
  watch(event_.get(), kWakeUp, EPOLLIN, EPOLL_CTL_ADD);
  thread_ = std::jthread([this] { run(); });
}

Server::Loop::~Loop() {
  stopping_ = true;
  wake_up();
  thread_.join();
  lanes_.clear();  // waits for the workers, which use what is below
}

Counts Server::Loop::counts() const {
  Counts counts{.connections = open_, .accepted = accepted_, .refused = refused_, .buffered_bytes = buffered_};
  for (const auto& lane : lanes_) counts.queued += lane->waiting();
  return counts;
}

bool Server::Loop::reserve(std::size_t bytes) {
  if (buffered_ + bytes > options_.limits.buffered_bytes) return false;
  buffered_ += bytes;
  return true;
}

bool Server::Loop::dispatch(std::uint64_t connection, Request request, RouteDecision plan) {
  // A std::function has to be copyable, a request need not be copied.
  auto shared = std::make_shared<std::pair<Request, RouteDecision>>(std::move(request), std::move(plan));
  return lanes_.at(shared->second.lane)->push([this, connection, shared](bool late) {
    Response response;
    try {
      if (late) throw StatusError(503, "busy", "the request waited for too long; try again");
      response = shared->second.handle(shared->first);
    } catch (...) {
      response = response_of_current_exception();
    }
    shared->first = {};  // before its room is given back
    {
      std::lock_guard lock(answers_mutex_);
      answers_.emplace_back(connection, std::move(response));
    }
    wake_up();
  });
}

void Server::Loop::wake_up() {
  std::uint64_t one = 1;
  [[maybe_unused]] ssize_t written = ::write(event_.get(), &one, sizeof(one));  // full means: it is awake anyway
}

void Server::Loop::watch(int descriptor, std::uint64_t id, std::uint32_t events, int operation) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = id;
  ::epoll_ctl(epoll_.get(), operation, descriptor, &event);
}

void Server::Loop::run() {
  while (!done()) wait();
  connections_.clear();
  open_ = 0;
}

bool Server::Loop::done() {
  if (!stopping_) return false;
  if (listener_) begin_to_stop();
  if (connections_.empty()) return true;
  if (Clock::now() < stop_deadline_) return false;
  if (gave_up_) return true;
  give_up();
  return connections_.empty();
}

void Server::Loop::begin_to_stop() {
  listener_.reset();
  stop_deadline_ = Clock::now() + options_.limits.stop;
  for (auto& [id, connection] : connections_) {
    if (connection->expendable()) connection->close();
  }
  std::erase_if(connections_, [](const auto& entry) { return entry.second->closed(); });
}

// Whoever still waits for an answer gets a refusal instead.
void Server::Loop::give_up() {
  gave_up_ = true;
  stop_deadline_ = Clock::now() + kFarewell;
  for (ClientConnection* connection : all()) {
    connection->give_up();
    update_interest(*connection);
  }
}

void Server::Loop::wait() {
  std::array<epoll_event, 64> events;
  int ready =
      ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), static_cast<int>(kTick.count()));
  for (int i = 0; i < ready; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    if (event.data.u64 == kListener) {
      accept_all();
    } else if (event.data.u64 == kWakeUp) {
      std::uint64_t count = 0;
      [[maybe_unused]] ssize_t got = ::read(event_.get(), &count, sizeof(count));
      deliver();
    } else if (auto found = connections_.find(event.data.u64); found != connections_.end()) {
      ClientConnection& connection = *found->second;
      connection.ready(event.events);
      update_interest(connection);
    }
  }
  if (Clock::now() >= next_tick_) tick();
}

void Server::Loop::accept_all() {
  // Somebody is certainly there the first time only: nobody has to give way to nobody.
  for (bool certain = true; listener_; certain = false) {
    bool full = connections_.size() >= options_.limits.connections;
    if (full && !certain) return;  // if there is somebody, epoll says so again
    if (full && !evict_one()) {
      // Whoever comes now waits in the kernel's queue until one of the others is done.
      listening_ = false;
      return watch(listener_.get(), kListener, 0, EPOLL_CTL_MOD);
    }
    Descriptor socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!socket) {
      if ((errno == EMFILE || errno == ENFILE) && evict_one()) continue;
      if (errno == ECONNABORTED || errno == EINTR) continue;
      return;
    }
    int yes = 1;
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    std::uint64_t id = next_id_++;
    auto connection = std::make_unique<ClientConnection>(id, std::move(socket), *this);
    watched_[id] = connection->interest();
    watch(connection->descriptor(), id, watched_[id], EPOLL_CTL_ADD);
    connections_.emplace(id, std::move(connection));
    ++accepted_;
    open_ = connections_.size();
  }
}

// Closes the connection that has been without a whole request for the longest; where all have brought theirs, the one
// that has been reading for the longest, if that is long. False when there is none.
bool Server::Loop::evict_one() {
  Clock::time_point now = Clock::now();
  ClientConnection* slowest = nullptr;
  std::pair<int, Clock::time_point> least;
  for (auto& [id, connection] : connections_) {
    std::optional<int> eviction_priority = connection->eviction_priority(now);
    if (!eviction_priority) continue;
    std::pair<int, Clock::time_point> rank{*eviction_priority, connection->since()};
    if (slowest != nullptr && least <= rank) continue;
    slowest = connection.get();
    least = rank;
  }
  if (slowest == nullptr) return false;
  slowest->close();
  update_interest(*slowest);
  return true;
}

void Server::Loop::deliver() {
  std::vector<std::pair<std::uint64_t, Response>> answers;
  {
    std::lock_guard lock(answers_mutex_);
    answers.swap(answers_);
  }
  for (auto& [id, response] : answers) {
    auto found = connections_.find(id);
    if (found == connections_.end()) continue;  // the client has gone
    ClientConnection& connection = *found->second;
    connection.respond(std::move(response));
    update_interest(connection);
  }
}

// After anything happened to a connection: it may be over, or wait for something else now.
void Server::Loop::update_interest(ClientConnection& connection) {
  std::uint64_t id = connection.id();
  if (connection.closed()) {
    watched_.erase(id);
    connections_.erase(id);
    open_ = connections_.size();
    if (!listening_ && listener_) {
      listening_ = true;
      watch(listener_.get(), kListener, EPOLLIN, EPOLL_CTL_MOD);
    }
    return;
  }
  std::uint32_t& watched = watched_[id];
  if (watched == connection.interest()) return;
  watched = connection.interest();
  watch(connection.descriptor(), id, watched, EPOLL_CTL_MOD);
}

void Server::Loop::tick() {
  Clock::time_point now = Clock::now();
  next_tick_ = now + kTick;
  for (ClientConnection* connection : all()) {
    connection->tick(now);
    update_interest(*connection);
  }
  if (!listening_ && listener_) evict_one();  // somebody waits; a client may have been reading for long by now
}

// As they are now: settle() takes connections away.
std::vector<ClientConnection*> Server::Loop::all() const {
  std::vector<ClientConnection*> all;
  for (const auto& [id, connection] : connections_) all.push_back(connection.get());
  return all;
}

Server::Server(ServerOptions options, std::function<RouteDecision(const Request&)> plan)
    : loop_(std::make_unique<Loop>(std::move(options), std::move(plan))) {}
Server::~Server() = default;

int Server::port() const {
  return loop_->port();
}

Counts Server::counts() const {
  return loop_->counts();
}

}  // namespace clipseek::http
