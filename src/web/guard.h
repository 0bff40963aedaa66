// Who may ask: checks that every request passes before anything else looks at it. docs/http-api.md, "Safety".
#pragma once

#include <string>
#include <vector>

#include "http/message.h"

namespace clipseek::web {

struct GuardOptions {
  std::string token;  // empty: none is needed
  std::vector<std::string> allowed_hosts;
};

class Guard {
 public:
  explicit Guard(GuardOptions options) : options_(std::move(options)) {}

  // Throws StatusError 421 (a name that is not this server's: DNS rebinding), 403 (another site's page asks), 401.
  void check(const http::Request& request) const;

  // Whether `token` is the server's; takes as long for a wrong one as for the right one.
  bool is_token(std::string_view token) const;
  bool needs_token() const { return !options_.token.empty(); }

  // Set-Cookie values: logging in, and out again.
  std::string cookie() const;
  static std::string no_cookie();

 private:
  void check_host(const http::Request& request) const;
  static void check_site(const http::Request& request);
  void check_token(const http::Request& request) const;

  GuardOptions options_;
};

}  // namespace clipseek::web
