// Maps addresses to handlers. Internal to web/.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "http/server.h"
#include "web/metrics.h"

namespace clipseek::web {

// Types of work, each with its own worker threads.
enum class Pool : std::size_t {
  kQuick,     // memory only, or a query's encoding
  kPictures,  // decoding
  kDisk,      // folders, files, the database
};

struct Call {
  http::Request& request;
  std::int64_t id = 0;  // the number in place of {id} in the pattern
};

struct Route {
  std::string method;   // GET also answers HEAD
  std::string pattern;  // "/api/items/{id}/image"
  Pool pool = Pool::kQuick;
  std::size_t body_limit = 0;
  std::function<http::Response(const Call&)> handle;
};

class Router {
 public:
  explicit Router(Metrics& metrics) : metrics_(metrics) {}
  void add(Route route) { routes_.push_back(std::move(route)); }

  // Returns the decision for a request; the Router must outlive it. Throws StatusError 404.
  http::RouteDecision route(const http::Request& request) const;

 private:
  Metrics& metrics_;
  std::vector<Route> routes_;
};

}  // namespace clipseek::web
