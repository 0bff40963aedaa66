#include "web/guard.h"

#include <gtest/gtest.h>

#include "http/head.h"

namespace clipseek::web {
namespace {

// Returns the status with which `guard` rejects a request with these headers; 200 if it accepts the request.
int status_of(const Guard& guard, const std::string& headers, const std::string& target = "GET /api/status") {
  try {
    guard.check(http::parse_head(target + " HTTP/1.1\r\nContent-Length: 0\r\n" + headers + "\r\n").request);
    return 200;
  } catch (const http::StatusError& error) {
    return error.status();
  }
}

TEST(Guard, AcceptsOnlyItsOwnHostNames) {
  Guard guard({"", {"photos.example"}});
  for (const char* host : {"127.0.0.1:8000", "localhost", "LOCALHOST:80", "[::1]:8000", "192.168.1.5",
                           "photos.example:443", "photos.example."}) {
    EXPECT_EQ(status_of(guard, std::string("Host: ") + host + "\r\n"), 200) << host;
  }
  for (const char* host : {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "a:b:c", "", "[",
                           "1.2.3", "photos.example.evil", "evil.example:localhost"}) {
    EXPECT_EQ(status_of(guard, std::string("Host: ") + host + "\r\n"), 421) << host;
  }
}

TEST(Guard, RejectsRequestsOfOtherSites) {
  Guard guard({"", {}});
  const std::string host = "Host: localhost:8000\r\n";
  EXPECT_EQ(status_of(guard, host + "Origin: http://localhost:8000\r\n"), 200);
  EXPECT_EQ(status_of(guard, host + "Origin: https://localhost:8000\r\n"), 200);
  EXPECT_EQ(status_of(guard, host + "Sec-Fetch-Site: same-origin\r\n"), 200);
  EXPECT_EQ(status_of(guard, host + "Sec-Fetch-Site: none\r\n"), 200);
  EXPECT_EQ(status_of(guard, host + "Origin: http://evil.example\r\n"), 403);
  EXPECT_EQ(status_of(guard, host + "Origin: http://localhost:9000\r\n"), 403);
  EXPECT_EQ(status_of(guard, host + "Origin: null\r\n"), 403);
  EXPECT_EQ(status_of(guard, host + "Sec-Fetch-Site: cross-site\r\n"), 403);
  EXPECT_EQ(status_of(guard, host + "Sec-Fetch-Site: same-site\r\n"), 403);
  EXPECT_EQ(status_of(guard, host + "Sec-Fetch-Site: cross-site\r\n", "GET /app/main.js"), 403);
  EXPECT_EQ(status_of(guard, host + "Sec-Fetch-Site: cross-site\r\n", "GET /"), 200);  // a link
}

TEST(Guard, RequiresItsToken) {
  Guard guard({"0123456789abcdef", {}});
  const std::string host = "Host: localhost:8000\r\n";
  EXPECT_EQ(status_of(guard, host), 401);
  EXPECT_EQ(status_of(guard, host, "GET /metrics"), 401);
  EXPECT_EQ(status_of(guard, host, "POST /api/logout"), 401);
  for (const char* open : {"GET /", "GET /app/main.js", "GET /healthz", "POST /api/login", "GET /favicon.ico"}) {
    EXPECT_EQ(status_of(guard, host, open), 200) << open;
  }
  EXPECT_EQ(status_of(guard, host + "Authorization: Bearer 0123456789abcdef\r\n"), 200);
  EXPECT_EQ(status_of(guard, host + "Cookie: a=b; clipseek_token=0123456789abcdef\r\n"), 200);
  for (const char* wrong : {"Authorization: Bearer 0123456789abcde", "Authorization: Bearer 0123456789abcdef0",
                            "Authorization: Bearer ", "Authorization: Basic 0123456789abcdef",
                            "Cookie: xclipseek_token=0123456789abcdef", "Cookie: clipseek_token=", "Cookie: ;;=;"}) {
    EXPECT_EQ(status_of(guard, host + wrong + "\r\n"), 401) << wrong;
  }
}

TEST(Guard, TheCookieIsHiddenFromScriptsAndOtherSites) {
  std::string cookie = Guard({"0123456789abcdef", {}}).cookie();
  for (const char* part : {"clipseek_token=0123456789abcdef;", "HttpOnly", "SameSite=Strict", "Path=/"}) {
    EXPECT_NE(cookie.find(part), std::string::npos) << cookie;
  }
}

}  // namespace
}  // namespace clipseek::web
