// Access checks that every request must pass before it is routed. docs/http-api.md, "Safety".
#pragma once

#include <string>
#include <vector>

#include "http/message.h"

namespace clipseek::web {

struct GuardOptions {
  std::string token;  // empty: requests need no token
  std::vector<std::string> allowed_hosts;
};

class Guard {
 public:
  explicit Guard(GuardOptions options) : options_(std::move(options)) {}

  // Throws StatusError 421 (Host is not a name of this server, as in DNS rebinding), 403 (the page of another site made
  // the request) or 401 (no valid token).
  void check(const http::Request& request) const;

  // Returns whether `token` is the server's token, in a time that does not depend on how much of it is right.
  bool is_token(std::string_view token) const;
  bool needs_token() const { return !options_.token.empty(); }

  // Set-Cookie values for login and logout.
  std::string cookie() const;
  static std::string no_cookie();

 private:
  void check_host(const http::Request& request) const;
  static void check_site(const http::Request& request);
  void check_token(const http::Request& request) const;

  GuardOptions options_;
};

}  // namespace clipseek::web
