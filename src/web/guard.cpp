#include "web/guard.h"

#include <arpa/inet.h>

#include <algorithm>

#include "base/ascii.h"
#include "web/page.h"

namespace clipseek::web {
namespace {

constexpr std::string_view kCookie = "clipseek_token";

// Returns "example.org" for "Example.org:8000" and "::1" for "[::1]:8000"; empty for a malformed value.
std::string host_name(std::string_view host) {
  if (host.starts_with('[')) {
    std::size_t end = host.find(']');
    return end == std::string_view::npos ? "" : base::ascii_lower(host.substr(1, end - 1));
  }
  std::size_t colon = host.find(':');
  if (colon != std::string_view::npos && host.find(':', colon + 1) != std::string_view::npos) return "";
  std::string name = base::ascii_lower(host.substr(0, colon));
  if (name.ends_with('.')) name.pop_back();
  return name;
}

// DNS rebinding needs a host name; an IP address in Host is therefore safe.
bool is_address(const std::string& host) {
  in6_addr ignored{};
  return ::inet_pton(AF_INET, host.c_str(), &ignored) == 1 || ::inet_pton(AF_INET6, host.c_str(), &ignored) == 1;
}

std::string_view cookie_of(const http::Request& request) {
  const std::string* cookies = request.header("cookie");
  if (cookies == nullptr) return {};
  std::string_view rest = *cookies;
  while (!rest.empty()) {
    std::size_t end = rest.find(';');
    std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    pair.remove_prefix(std::min(pair.find_first_not_of(' '), pair.size()));
    std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == kCookie) return pair.substr(equals + 1);
  }
  return {};
}

}  // namespace

void Guard::check(const http::Request& request) const {
  check_host(request);
  // A link on another site may open the page; only the page itself may make any other request.
  if (request.path != "/") check_site(request);
  bool open = Page::owns(request.path) || request.path == "/healthz" || request.path == "/api/login";
  if (!open) check_token(request);
}

void Guard::check_host(const http::Request& request) const {
  const std::string* host = request.header("host");
  std::string name = host != nullptr ? host_name(*host) : "";
  auto is_name = [&](const std::string& allowed) { return base::ascii_lower(allowed) == name; };
  bool known = name == "localhost" || is_address(name) ||
               std::any_of(options_.allowed_hosts.begin(), options_.allowed_hosts.end(), is_name);
  if (known) return;
  throw http::StatusError(
      421, "bad_host",
      "'" + name + "' is not a name of this server; to allow it, start the server with --allow-host " + name);
}

void Guard::check_site(const http::Request& request) {
  const std::string* site = request.header("sec-fetch-site");
  const std::string* origin = request.header("origin");
  const std::string* host = request.header("host");
  bool foreign = site != nullptr && *site != "same-origin" && *site != "none";
  // Behind a TLS proxy, the page's origin is https.
  if (origin != nullptr && *origin != "http://" + *host && *origin != "https://" + *host) foreign = true;
  if (foreign) throw http::StatusError(403, "cross_site", "pages of other sites may not use this server");
}

void Guard::check_token(const http::Request& request) const {
  if (!needs_token()) return;
  constexpr std::string_view kBearer = "Bearer ";
  const std::string* authorization = request.header("authorization");
  if (authorization != nullptr && authorization->starts_with(kBearer)) {
    if (is_token(std::string_view(*authorization).substr(kBearer.size()))) return;
  } else if (is_token(cookie_of(request))) {
    return;
  }
  throw http::StatusError(401, "unauthorized", "this server requires a token: Authorization: Bearer TOKEN");
}

bool Guard::is_token(std::string_view token) const {
  unsigned difference = token.size() == options_.token.size() ? 0 : 1;
  for (std::size_t i = 0; i < options_.token.size(); ++i) {
    char given = token.empty() ? '\0' : token[i % token.size()];
    difference |= static_cast<unsigned char>(given ^ options_.token[i]);
  }
  return difference == 0;
}

std::string Guard::cookie() const {
  return std::string(kCookie) + "=" + options_.token + "; Path=/; HttpOnly; SameSite=Strict";
}

std::string Guard::no_cookie() {
  return std::string(kCookie) + "=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0";
}

}  // namespace clipseek::web
