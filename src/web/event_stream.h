// Server-sent events (WHATWG HTML, "Server-sent events"). Internal to web/.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "http/message.h"

namespace clipseek::web {

// `data` must be one line, as our JSON is.
std::string server_sent_event(std::string_view name, std::string_view data);

// Sends a comment line when a stream was silent for 15 seconds, so that proxies and clients do not close it.
class KeepAlive {
 public:
  // Returns `bytes`, or the comment line when they are empty and one is due.
  std::string with(std::string bytes);

 private:
  std::chrono::steady_clock::time_point last_sent_ = std::chrono::steady_clock::now();
};

http::Response event_stream(std::unique_ptr<http::Stream> stream);

}  // namespace clipseek::web
