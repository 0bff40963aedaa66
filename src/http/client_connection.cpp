#include "http/client_connection.h"

#include <sys/epoll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>

#include "http/head.h"

namespace clipseek::http {
namespace {

constexpr std::size_t kReceiveBytes = 64 << 10;
constexpr std::size_t kMaxAtOnce = 1 << 20;  // bytes sent before other connections get their turn
constexpr std::chrono::milliseconds kLingerTime{2000};
constexpr std::chrono::seconds kLongReading{10};
constexpr std::chrono::hours kNoLimit{24 * 365};
constexpr std::uint64_t kUnknown = ~std::uint64_t{0};

// IMF-fixdate (RFC 9110, 5.6.7).
std::string http_date() {
  std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  std::array<char, 64> text{};
  std::size_t length = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
  return {text.data(), length};
}

// A value comes from the program; whatever it was made of, it adds no header lines.
std::string one_line(std::string value) {
  for (char& letter : value) {
    if (letter == '\r' || letter == '\n' || letter == '\0') letter = ' ';
  }
  return value;
}

bool would_block() {
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

}  // namespace

ClientConnection::ClientConnection(std::uint64_t id, Descriptor socket, ConnectionHost& host)
    : id_(id), socket_(std::move(socket)), host_(host) {
  enter(State::kIdle, host_.options().limits.head);
}

ClientConnection::~ClientConnection() {
  host_.release(reserved_);
}

void ClientConnection::enter(State state, std::chrono::milliseconds time) {
  state_ = state;
  since_ = Clock::now();
  deadline_ = since_ + time;
}

std::uint32_t ClientConnection::interest() const {
  switch (state_) {
    case State::kIdle:
    case State::kHead:
    case State::kBody:
    case State::kLinger:
      return EPOLLIN;
    case State::kSend:
      return EPOLLOUT;
    case State::kStream:
      return out_sent_ < out_.size() ? EPOLLOUT : EPOLLIN;
    case State::kWork:
    case State::kClosed:
      break;
  }
  return 0;
}

void ClientConnection::ready(std::uint32_t events) {
  if ((events & EPOLLERR) != 0 || ((events & EPOLLHUP) != 0 && (events & EPOLLIN) == 0)) return close();
  if ((events & EPOLLIN) != 0) receive();
  if ((events & EPOLLOUT) != 0 && (state_ == State::kSend || state_ == State::kStream)) send();
}

void ClientConnection::receive() {
  std::array<char, kReceiveBytes> buffer;
  ssize_t got = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
  if (got < 0) {
    if (!would_block()) close();
    return;
  }
  if (got == 0) return close();
  if (state_ == State::kLinger || state_ == State::kStream) return;  // read only to see it end
  if (state_ == State::kIdle) enter(State::kHead, host_.options().limits.head);
  in_.append(buffer.data(), static_cast<std::size_t>(got));
  advance();
}

void ClientConnection::advance() {
  try {
    if (state_ == State::kHead && !take_head()) return;
    if (state_ == State::kBody) take_body();
  } catch (...) {
    refuse();
  }
}

bool ClientConnection::take_head() {
  if (searched_ == 0) {
    while (in_.starts_with("\r\n")) in_.erase(0, 2);  // RFC 9112, 2.2
  }
  std::optional<std::size_t> end = find_head_end(in_, searched_);
  if (!end) {
    searched_ = in_.size();
    return false;
  }
  request_ = {};
  plan_ = {};
  keep_alive_ = false;
  head_only_ = false;
  body_length_ = kUnknown;
  request_ = parse_head(std::string_view(in_).substr(0, *end));
  in_.erase(0, *end);
  searched_ = 0;
  head_only_ = request_.method == "HEAD";
  body_length_ = body_length(request_);
  body_received_ = 0;
  keep_alive_ = wants_keep_alive(request_);
  plan_ = host_.plan(request_);
  if (body_length_ > plan_.body_limit) {
    throw StatusError(413, "limit_exceeded",
                      "a body of " + std::to_string(body_length_) + " bytes; at most " +
                          std::to_string(plan_.body_limit) + " are taken here");
  }
  if (const std::string* expected = request_.header("expect")) {
    if (*expected != "100-continue") throw StatusError(417, "expectation_failed", "Expect: " + *expected);
    // So few bytes always fit into the socket's empty buffer.
    if (in_.empty() && body_length_ > 0) send_bytes("HTTP/1.1 100 Continue\r\n\r\n", false);
  }
  enter(State::kBody, host_.options().limits.body);
  return true;
}

void ClientConnection::take_body() {
  auto wanted = static_cast<std::size_t>(body_length_ - body_received_);
  std::size_t taken = std::min(wanted, in_.size());
  if (taken > 0) {
    if (!host_.reserve(taken)) throw StatusError(503, "busy", "too many uploads at once; try again");
    reserved_ += taken;
    request_.body.append(in_, 0, taken);
    in_.erase(0, taken);
    body_received_ += taken;
  }
  if (taken == wanted) request_arrived();
}

void ClientConnection::request_arrived() {
  enter(State::kWork, kNoLimit);
  if (!host_.dispatch(id_, std::move(request_), std::move(plan_))) {
    throw StatusError(503, "busy", "too many requests wait; try again");
  }
}

void ClientConnection::refuse() {
  host_.refused();
  Response response = response_of_current_exception();
  // What comes next is not the next request where this one has not been read to its end.
  if (body_received_ != body_length_) keep_alive_ = false;
  start(std::move(response));
}

void ClientConnection::respond(Response response) {
  if (state_ != State::kWork) return;
  host_.release(reserved_);
  reserved_ = 0;
  start(std::move(response));
}

std::size_t ClientConnection::body_size() const {
  if (const auto* text = std::get_if<std::string>(&body_)) return text->size();
  if (const auto* shared = std::get_if<std::shared_ptr<const std::string>>(&body_)) return (*shared)->size();
  if (const auto* file = std::get_if<std::unique_ptr<FileBody>>(&body_)) return (*file)->size();
  return 0;
}

void ClientConnection::start(Response response) {
  for (const Header& header : host_.options().headers) {
    bool own = std::any_of(response.headers.begin(), response.headers.end(),
                           [&](const Header& other) { return other.name == header.name; });
    if (!own) response.headers.push_back(header);
  }
  body_ = std::move(response.body);
  bool stream = std::holds_alternative<std::unique_ptr<Stream>>(body_);
  bool bodyless = response.status == 304 || response.status == 204;
  keep_alive_ = keep_alive_ && !stream && !host_.stopping();
  out_ = "HTTP/1.1 " + std::to_string(response.status) + " " + std::string(reason_phrase(response.status)) +
         "\r\nDate: " + http_date() + "\r\n";
  for (Header& header : response.headers) out_ += header.name + ": " + one_line(std::move(header.value)) + "\r\n";
  if (!stream && !bodyless) out_ += "Content-Length: " + std::to_string(body_size()) + "\r\n";
  out_ += keep_alive_ ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
  if (head_only_ || bodyless) body_ = std::string();
  out_sent_ = 0;
  body_sent_ = 0;
  enter(State::kSend, host_.options().limits.send + std::chrono::seconds(body_size() >> 15));
  send();
}

void ClientConnection::send() {
  std::string_view rest = std::string_view(out_).substr(out_sent_);
  bool more = state_ == State::kSend && body_size() > 0;
  if (!rest.empty() && !send_bytes(rest, more)) return;
  if (state_ == State::kStream) return;
  if (std::holds_alternative<std::unique_ptr<Stream>>(body_)) {
    enter(State::kStream, kNoLimit);
    return poll_stream();
  }
  if (std::holds_alternative<std::unique_ptr<FileBody>>(body_)) {
    if (send_file()) sent_all();
    return;
  }
  const auto* text = std::get_if<std::string>(&body_);
  std::string_view body = text != nullptr ? *text : *std::get<std::shared_ptr<const std::string>>(body_);
  while (body_sent_ < body.size()) {
    ssize_t sent = ::send(socket_.get(), body.data() + body_sent_, body.size() - body_sent_, MSG_NOSIGNAL);
    if (sent < 0 && !would_block()) return close();
    if (sent < 0) return;
    body_sent_ += static_cast<std::uint64_t>(sent);
  }
  sent_all();
}

// True when all of them are sent. Those of out_ are counted.
bool ClientConnection::send_bytes(std::string_view bytes, bool more) {
  ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | (more ? MSG_MORE : 0));
  if (sent < 0) {
    if (!would_block()) close();
    return false;
  }
  if (state_ == State::kSend || state_ == State::kStream) out_sent_ += static_cast<std::size_t>(sent);
  return static_cast<std::size_t>(sent) == bytes.size();
}

bool ClientConnection::send_file() {
  const FileBody& file = *std::get<std::unique_ptr<FileBody>>(body_);
  for (std::size_t now = 0; body_sent_ < file.size() && now < kMaxAtOnce;) {
    auto offset = static_cast<off_t>(body_sent_);
    std::size_t wanted = std::min<std::uint64_t>(file.size() - body_sent_, kMaxAtOnce);
    ssize_t sent = ::sendfile(socket_.get(), file.descriptor(), &offset, wanted);
    if (sent < 0 && would_block()) return false;
    if (sent <= 0) {  // 0: the file has become shorter than was promised
      close();
      return false;
    }
    body_sent_ += static_cast<std::uint64_t>(sent);
    now += static_cast<std::size_t>(sent);
  }
  return body_sent_ == file.size();
}

void ClientConnection::sent_all() {
  body_ = std::string();
  out_.clear();
  out_sent_ = 0;
  body_length_ = kUnknown;
  if (!keep_alive_) {
    ::shutdown(socket_.get(), SHUT_WR);
    return enter(State::kLinger, kLingerTime);
  }
  enter(State::kIdle, host_.options().limits.idle);
  if (in_.empty()) return;
  enter(State::kHead, host_.options().limits.head);
  advance();
}

std::optional<int> ClientConnection::eviction_priority(Clock::time_point now) const {
  switch (state_) {
    case State::kIdle:
    case State::kHead:
    case State::kBody:
    case State::kLinger:
      return 0;
    case State::kSend:
    case State::kStream:
      if (now - since_ > kLongReading) return 1;
      break;
    case State::kWork:
    case State::kClosed:
      break;
  }
  return std::nullopt;
}

void ClientConnection::give_up() {
  if (state_ != State::kWork && state_ != State::kBody) return;
  try {
    throw StatusError(503, "unavailable", "the server is stopping");
  } catch (...) {
    refuse();
  }
}

void ClientConnection::tick(Clock::time_point now) {
  if (state_ == State::kStream) return poll_stream();
  if (now < deadline_) return;
  bool slow = state_ == State::kHead || state_ == State::kBody;
  if (!slow) return close();
  try {
    throw StatusError(408, "timeout", "the request did not arrive in time");
  } catch (...) {
    refuse();
  }
}

void ClientConnection::poll_stream() {
  if (out_sent_ < out_.size()) {
    if (Clock::now() > deadline_) close();
    return;
  }
  Stream::Chunk chunk = std::get<std::unique_ptr<Stream>>(body_)->next();
  out_ = std::move(chunk.bytes);
  out_sent_ = 0;
  if (chunk.end || host_.stopping()) {
    body_ = std::string();  // what is in out_ is the last of it
    enter(State::kSend, host_.options().limits.send);
    return send();
  }
  enter(State::kStream, host_.options().limits.send);
  if (!out_.empty()) send();
}

}  // namespace clipseek::http
