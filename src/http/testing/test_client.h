// For tests: a client that sends exactly what a test specifies, including invalid requests.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <stdexcept>
#include <string>

#include "base/unique_fd.h"

namespace clipseek::http {

class TestClient {
 public:
  // With a `receive_buffer`, the kernel receives about that many bytes before the client reads them.
  explicit TestClient(int port, int receive_buffer = 0) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (receive_buffer > 0) {
      ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
      throw std::runtime_error("cannot connect");
    }
  }

  void send(const std::string& bytes) { ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL); }
  void close_writing() { ::shutdown(socket_.get(), SHUT_WR); }

  // Closing ends the connection with a reset.
  void reset_at_close() {
    linger now{1, 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &now, sizeof(now));
  }

  // Reads up to and including `end`, or until the server closes the connection or sends nothing for half a minute.
  std::string read_until(const std::string& end) {
    while (received_.find(end) == std::string::npos && receive()) {
    }
    std::size_t found = received_.find(end);
    std::size_t size = found == std::string::npos ? received_.size() : found + end.size();
    std::string result = received_.substr(0, size);
    received_.erase(0, size);
    return result;
  }
  // Reads a response with a Content-Length: its header section and its body.
  std::string read_response() {
    std::string head = read_until("\r\n\r\n");
    std::size_t at = head.find("Content-Length: ");
    if (at == std::string::npos) return head;
    return head + read(std::stoul(head.substr(at + 16)));
  }
  // Reads so many bytes, or fewer where the server closes the connection or sends nothing for half a minute.
  std::string read(std::size_t size) {
    while (received_.size() < size && receive()) {
    }
    std::string result = received_.substr(0, size);
    received_.erase(0, size);
    return result;
  }
  std::string read_all() {
    while (receive()) {
    }
    return std::move(received_);
  }
  bool is_closed() { return read_all().empty() && !receive(); }

 private:
  bool receive() {
    pollfd wait{socket_.get(), POLLIN, 0};
    if (::poll(&wait, 1, 30'000) <= 0) return false;
    char buffer[65536];
    ssize_t got = ::recv(socket_.get(), buffer, sizeof(buffer), 0);
    if (got <= 0) return false;
    received_.append(buffer, static_cast<std::size_t>(got));
    return true;
  }

  base::UniqueFd socket_;
  std::string received_;
};

}  // namespace clipseek::http
