#include "web/router.h"

#include <charconv>
#include <chrono>
#include <optional>

namespace clipseek::web {
namespace {

// For a method that is not allowed, a small body is still read so that the connection stays usable.
constexpr std::size_t kSmallBody = 64 << 10;

// Returns the number in place of {id}, 0 for a pattern without {id}, and std::nullopt if the path does not match.
std::optional<std::int64_t> match(std::string_view pattern, std::string_view path) {
  constexpr std::string_view kId = "{id}";
  std::size_t place = pattern.find(kId);
  if (place == std::string_view::npos) return pattern == path ? std::optional<std::int64_t>(0) : std::nullopt;
  std::string_view tail = pattern.substr(place + kId.size());
  bool around =
      path.size() > place + tail.size() && path.substr(0, place) == pattern.substr(0, place) && path.ends_with(tail);
  if (!around) return std::nullopt;
  std::string_view number = path.substr(place, path.size() - place - tail.size());
  std::int64_t id = 0;
  auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), id);
  bool plain = number.front() >= '0' && number.front() <= '9';
  return plain && error == std::errc() && end == number.data() + number.size() ? std::optional(id) : std::nullopt;
}

}  // namespace

http::RouteDecision Router::route(const http::Request& request) const {
  std::string allowed;
  std::string_view method = request.method == "HEAD" ? std::string_view("GET") : std::string_view(request.method);
  for (const Route& route : routes_) {
    std::optional<std::int64_t> id = match(route.pattern, request.path);
    if (!id) continue;
    if (route.method != method) {
      allowed += (allowed.empty() ? "" : ", ") + route.method + (route.method == "GET" ? ", HEAD" : "");
      continue;
    }
    auto handle = [this, &route, id = *id](http::Request& whole) {
      auto started_at = std::chrono::steady_clock::now();
      http::Response response;
      try {
        response = route.handle({whole, id});
      } catch (...) {
        response = http::response_of_current_exception();
      }
      metrics_.count(route.method + " " + route.pattern, response.status,
                     std::chrono::steady_clock::now() - started_at);
      return response;
    };
    return {route.body_limit, static_cast<std::size_t>(route.pool), std::move(handle)};
  }
  if (allowed.empty()) throw http::StatusError(404, "not_found", "there is nothing at " + request.path);
  return {kSmallBody, static_cast<std::size_t>(Pool::kQuick), [allowed](http::Request& whole) {
            http::Response response =
                http::error_response(405, "method_not_allowed", whole.method + " is not allowed at " + whole.path);
            response.set("Allow", allowed);
            return response;
          }};
}

}  // namespace clipseek::web
