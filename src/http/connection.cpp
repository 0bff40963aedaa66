#include "http/connection.h"

#include <sys/sendfile.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/status.hpp>
#include <cerrno>
#include <ctime>

#include "base/ascii.h"
#include "http/head.h"

namespace clipseek::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::size_t kReceiveBytes = 64 << 10;
constexpr std::size_t kSendBytes = 1 << 20;  // of a file that are sent before other connections are served
constexpr std::chrono::milliseconds kLingerTime{2000};
constexpr std::chrono::seconds kLongReading{10};
constexpr std::chrono::hours kNoLimit{24 * 365};

// IMF-fixdate (RFC 9110, 5.6.7).
std::string http_date() {
  std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  std::array<char, 64> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc)};
}

std::string_view bytes_of(const Body& body) {
  if (const auto* text = std::get_if<std::string>(&body)) return *text;
  if (const auto* shared = std::get_if<std::shared_ptr<const std::string>>(&body)) return **shared;
  return {};
}

// The first lines of a header section. A line end in a value becomes a space, so that no value adds a header.
std::string head_of(Response& response, const std::vector<Header>& defaults) {
  for (const Header& header : defaults) {
    auto same = [&](const Header& other) { return other.name == header.name; };
    if (std::none_of(response.headers.begin(), response.headers.end(), same)) response.headers.push_back(header);
  }
  auto reason = boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(response.status));
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + " " + std::string(reason.data(), reason.size());
  head += "\r\nDate: " + http_date() + "\r\n";
  for (auto& [name, value] : response.headers) {
    std::replace_if(
        value.begin(), value.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
    head += name + ": " + value + "\r\n";
  }
  return head;
}

// Refuses a header section that is longer than kMaxHeadBytes.
[[noreturn]] void refuse_long_head(std::string_view bytes) {
  if (bytes.find("\r\n") > kMaxTargetBytes) throw StatusError(414, "uri_too_long", "the address has more than 8 KiB");
  throw StatusError(431, "headers_too_large", "the headers have more than 16 KiB");
}

}  // namespace

Job::~Job() {
  request = {};  // frees its memory before the count is reduced
  server_.buffered_bytes -= reserved_;
}

void Job::reserve(std::size_t bytes) {
  reserved_ += bytes;
  if ((server_.buffered_bytes += bytes) > server_.options.limits.buffered_bytes) {
    throw StatusError(503, "busy", "too many uploads at once; try again");
  }
}

Connection::Connection(asio::ip::tcp::socket socket, ServerState& server)
    : server_(server), socket_(std::move(socket)) {}

void Connection::enter(State state, std::chrono::milliseconds time) {
  Clock::time_point now = server_.options.now();
  if (state_ == State::kSend) read_time_ += now - since_;
  state_ = state;
  since_ = now;
  deadline_ = now + time;
}

// The handler of an asynchronous operation: calls `step` if the operation succeeded; an exception of `step` becomes an
// error response.
template <typename Step>
auto Connection::then(Step step) {
  return [self = shared_from_this(), turn = turn_, step](const error_code& error, std::size_t bytes = 0) {
    if (turn != self->turn_) return;
    try {
      if (error == asio::error::not_found) refuse_long_head(self->in_);  // of async_read_until
      error ? self->close() : step(bytes);
    } catch (...) {
      self->refuse(response_of_current_exception());
    }
  };
}

void Connection::close() {
  if (state_ == State::kClosed) return;
  state_ = State::kClosed;
  ++turn_;
  error_code ignored;
  socket_.close(ignored);
  server_.connections.erase(shared_from_this());
  server_.on_close();
}

void Connection::wait_for_request(std::chrono::milliseconds time) {
  if (!in_.empty()) return receive_head();
  enter(State::kIdle, time);
  socket_.async_wait(asio::socket_base::wait_read, then([this](std::size_t) { receive_head(); }));
}

void Connection::receive_head() {
  enter(State::kHead, server_.options.limits.head);
  keep_alive_ = false;
  head_only_ = false;
  asio::async_read_until(socket_, asio::dynamic_buffer(in_, kMaxHeadBytes), "\r\n\r\n",
                         then([this](std::size_t size) { take_head(size); }));
}

void Connection::take_head(std::size_t size) {
  Head head = parse_head(std::string_view(in_).substr(0, size));
  in_.erase(0, size);
  head_only_ = head.request.method == "HEAD";
  keep_alive_ = head.keep_alive;
  body_left_ = head.body_length;
  job_ = std::make_shared<Job>(server_);
  job_->request = std::move(head.request);
  job_->decision = server_.route(job_->request);
  if (std::size_t limit = job_->decision.body_limit; body_left_ > limit) {
    throw StatusError(413, "limit_exceeded",
                      "a body of " + std::to_string(body_left_) + " bytes; the limit is " + std::to_string(limit));
  }
  const std::string* expected = job_->request.header("expect");
  if (expected != nullptr && !base::equal_ignoring_case(*expected, "100-continue")) {
    throw StatusError(417, "expectation_failed", "Expect: " + *expected);
  }
  enter(State::kBody, server_.options.limits.body);
  if (expected == nullptr || body_left_ == 0 || !in_.empty()) return receive_body();
  static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  asio::async_write(socket_, asio::buffer(kContinue), then([this](std::size_t) { receive_body(); }));
}

void Connection::receive_body() {
  std::string& body = job_->request.body;
  std::size_t taken = std::min<std::uint64_t>(body_left_, in_.size());
  job_->reserve(taken);
  body.append(in_, 0, taken);
  in_.erase(0, taken);
  body_left_ -= taken;
  if (body_left_ == 0) return dispatch();
  std::size_t size = body.size();
  body.resize(size + std::min<std::uint64_t>(body_left_, kReceiveBytes));
  socket_.async_read_some(asio::buffer(body.data() + size, body.size() - size),
                          then([this, size](std::size_t received) {
                            job_->request.body.resize(size + received);
                            body_left_ -= received;
                            job_->reserve(received);
                            receive_body();
                          }));
}

void Connection::dispatch() {
  enter(State::kWork, kNoLimit);
  base::WorkerPool& pool = *server_.pools.at(job_->decision.pool);
  // The task is the only owner of the job once it is posted.
  auto task = [self = shared_from_this(), since = since_, job = std::move(job_)]() mutable {
    Response response;
    try {
      const ServerOptions& options = self->server_.options;
      if (options.now() - since > options.limits.queued) {
        throw StatusError(503, "busy", "the request waited for too long; try again");
      }
      response = job->decision.handle(job->request);
    } catch (...) {
      response = response_of_current_exception();
    }
    job.reset();
    auto executor = self->socket_.get_executor();
    asio::post(executor, [self = std::move(self), response = std::move(response)]() mutable {
      if (self->state_ == State::kWork) self->send(std::move(response));
    });
  };
  if (!pool.post(std::move(task))) throw StatusError(503, "busy", "too many requests wait; try again");
}

// Sends this response instead of one from a handler, and abandons a pending read.
void Connection::refuse(Response response) {
  if (state_ != State::kHead && state_ != State::kBody && state_ != State::kWork) return close();
  ++turn_;
  error_code ignored;
  socket_.cancel(ignored);
  ++server_.refused;
  if (body_left_ > 0) keep_alive_ = false;  // the next bytes belong to the body, not to a request
  job_.reset();
  send(std::move(response));
}

void Connection::send(Response response) {
  std::string head = head_of(response, server_.options.headers);
  body_ = std::move(response.body);
  auto* file = std::get_if<std::unique_ptr<FileBody>>(&body_);
  std::uint64_t size = file != nullptr ? (*file)->size() : bytes_of(body_).size();
  bool stream = std::holds_alternative<std::unique_ptr<Stream>>(body_);
  bool bodyless = response.status == 304 || response.status == 204;
  keep_alive_ = keep_alive_ && !stream && !server_.stopping;
  if (!stream && !bodyless) head += "Content-Length: " + std::to_string(size) + "\r\n";
  out_ = head + (keep_alive_ ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n");
  if (head_only_ || bodyless) body_ = std::string();
  file_sent_ = 0;
  enter(State::kSend, server_.options.limits.send + std::chrono::seconds(size >> 15));
  std::array<asio::const_buffer, 2> parts{asio::buffer(out_), asio::buffer(bytes_of(body_))};
  asio::async_write(socket_, parts, then([this](std::size_t) { send_body(); }));
}

// Continues after the header section, and a body that is in memory, have been sent.
void Connection::send_body() {
  if (std::holds_alternative<std::unique_ptr<FileBody>>(body_)) return send_file();
  if (!std::holds_alternative<std::unique_ptr<Stream>>(body_)) return finish();
  discard_input();  // notices when the client closes
  enter(State::kStream, kNoLimit);
  poll_stream();
}

void Connection::send_file() {
  const FileBody& file = *std::get<std::unique_ptr<FileBody>>(body_);
  if (file_sent_ == file.size()) return finish();
  auto offset = static_cast<off_t>(file_sent_);
  std::size_t wanted = std::min<std::uint64_t>(file.size() - file_sent_, kSendBytes);
  ssize_t sent = ::sendfile(socket_.native_handle(), file.descriptor(), &offset, wanted);
  bool again = sent < 0 && (errno == EAGAIN || errno == EINTR);
  if (sent <= 0 && !again) return close();  // 0: the file has become shorter than its announced length
  if (!again) file_sent_ += static_cast<std::uint64_t>(sent);
  socket_.async_wait(asio::socket_base::wait_write, then([this](std::size_t) { send_file(); }));
}

void Connection::poll_stream() {
  Stream::Chunk chunk = std::get<std::unique_ptr<Stream>>(body_)->next();
  bool end = chunk.end || server_.stopping;
  deadline_ = server_.options.now() + server_.options.limits.send;
  out_ = std::move(chunk.bytes);
  if (out_.empty() && !end) return;
  writing_ = true;
  asio::async_write(socket_, asio::buffer(out_), then([this, end](std::size_t) {
                      writing_ = false;
                      if (end) finish();
                    }));
}

void Connection::finish() {
  bool stream = std::holds_alternative<std::unique_ptr<Stream>>(body_);
  body_ = std::string();
  if (keep_alive_ && !server_.stopping) return wait_for_request(server_.options.limits.idle);
  error_code ignored;
  socket_.shutdown(asio::socket_base::shutdown_send, ignored);
  enter(State::kLinger, kLingerTime);
  if (!stream) discard_input();
}

void Connection::discard_input() {
  socket_.async_read_some(asio::buffer(server_.discarded), then([this](std::size_t) { discard_input(); }));
}

void Connection::tick(Clock::time_point now) {
  try {
    if (state_ == State::kStream && !writing_) return poll_stream();
  } catch (...) {
    return close();
  }
  if (now < deadline_) return;
  bool receiving = state_ == State::kHead || state_ == State::kBody;
  receiving ? refuse(error_response(408, "timeout", "the request did not arrive in time")) : close();
}

void Connection::give_up() {
  bool under_way = state_ == State::kBody || state_ == State::kWork;
  if (under_way) refuse(error_response(503, "unavailable", "the server is stopping"));
}

std::optional<EvictionRank> Connection::eviction_rank(Clock::time_point now) const {
  if (state_ == State::kWork) return std::nullopt;
  if (state_ == State::kStream) return EvictionRank{1, since_};
  if (state_ != State::kSend) return EvictionRank{0, since_};
  // Earlier responses count, because a client can request any number of them at once.
  Clock::time_point reading_since = since_ - read_time_;
  if (now - reading_since <= kLongReading) return std::nullopt;
  return EvictionRank{2, reading_since};
}

}  // namespace clipseek::http
