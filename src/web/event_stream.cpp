#include "web/event_stream.h"

#include <utility>

namespace clipseek::web {

std::string server_sent_event(std::string_view name, std::string_view data) {
  return "event: " + std::string(name) + "\ndata: " + std::string(data) + "\n\n";
}

std::string KeepAlive::with(std::string bytes) {
  auto now = std::chrono::steady_clock::now();
  if (bytes.empty() && now - last_sent_ >= std::chrono::seconds(15)) bytes = ": still here\n\n";
  if (!bytes.empty()) last_sent_ = now;
  return bytes;
}

http::Response event_stream(std::unique_ptr<http::Stream> stream) {
  http::Response response;
  response.set("Content-Type", "text/event-stream");
  response.set("Cache-Control", "no-store");
  response.body = std::move(stream);
  return response;
}

}  // namespace clipseek::web
