// Server-sent events (WHATWG HTML, "Server-sent events"). Internal to web/.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "http/message.h"

namespace clipseek::web {

// `data` is one line, as JSON is.
std::string server_sent_event(std::string_view name, std::string_view data);

// Says something every 15 seconds at least, so that proxies and clients see the stream is alive.
class KeepAlive {
 public:
  std::string with(std::string bytes);

 private:
  std::chrono::steady_clock::time_point said_ = std::chrono::steady_clock::now();
};

http::Response event_stream(std::unique_ptr<http::Stream> stream);

}  // namespace clipseek::web
