#include "http/head.h"

#include <gtest/gtest.h>

#include <functional>
#include <random>

namespace clipseek::http {
namespace {

// The status that refuses what `function` does; 200 where nothing is refused.
int status_of(const std::function<void()>& function) {
  try {
    function();
    return 200;
  } catch (const StatusError& error) {
    return error.status();
  }
}

int status_of_head(const std::string& head) {
  return status_of([&] { parse_head(head + "\r\n\r\n"); });
}

TEST(ParseHead, ReadsMethodPathParametersAndHeaders) {
  Request request =
      parse_head(
          "GET /api/items/%E7%8C%AB?q=a+b%2Bc&limit=3&empty HTTP/1.1\r\nHost: localhost:8000\r\nX-Thing:  some value "
          "\t\r\n\r\n")
          .request;
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.path, "/api/items/\xE7\x8C\xAB");
  ASSERT_NE(request.parameter("q"), nullptr);
  EXPECT_EQ(*request.parameter("q"), "a b+c");
  EXPECT_EQ(*request.parameter("limit"), "3");
  EXPECT_EQ(*request.parameter("empty"), "");
  EXPECT_EQ(request.parameter("other"), nullptr);
  EXPECT_EQ(*request.header("x-thing"), "some value");
}

TEST(ParseHead, RefusesWhatServersHaveBeenFooledWith) {
  EXPECT_EQ(status_of_head("GET / HTTP/1.1\r\nHost: a"), 200);
  EXPECT_EQ(status_of_head("GET / HTTP/1.1"), 400);                                 // no Host
  EXPECT_EQ(status_of_head("GET / HTTP/1.1\r\nHost: a\r\nHost: b"), 400);           // two hosts
  EXPECT_EQ(status_of_head("GET / HTTP/1.1\r\nHost : a"), 400);                     // a space before the colon
  EXPECT_EQ(status_of_head("GET / HTTP/1.1\r\nHost: a\r\n folded"), 400);           // a folded line
  EXPECT_EQ(status_of_head("GET / HTTP/1.1\nHost: a"), 400);                        // a bare line feed
  EXPECT_EQ(status_of_head(std::string("GET / HTTP/1.1\r\nHost: a\0b", 26)), 400);  // a NUL
  EXPECT_EQ(status_of_head("GET http://a/ HTTP/1.1\r\nHost: a"), 400);              // a proxy's request
  EXPECT_EQ(status_of_head("GET /a b HTTP/1.1\r\nHost: a"), 400);                   // a space in the address
  EXPECT_EQ(status_of_head("GET /\xE7 HTTP/1.1\r\nHost: a"), 400);                  // bytes in the address
  EXPECT_EQ(status_of_head("GET / HTTP/2.0\r\nHost: a"), 400);
  EXPECT_EQ(status_of_head("hello"), 400);
  EXPECT_EQ(status_of_head(""), 400);
  std::string many = "GET / HTTP/1.1\r\nHost: a";
  for (int i = 0; i < 100; ++i) many += "\r\nX: y";
  EXPECT_EQ(status_of_head(many), 431);
}

TEST(ParseHead, RefusesWhatIsNoUtf8OrHoldsNul) {
  for (const char* target :
       {"/%FF", "/%00", "/%C0%AF", "/%ED%A0%80", "/%", "/%4", "/%4G", "/?q=%FF", "/?q=%F5%80%80%80"}) {
    EXPECT_EQ(status_of_head("GET " + std::string(target) + " HTTP/1.1\r\nHost: a"), 400) << target;
  }
}

Head parse_length(const std::string& headers, const std::string& method = "POST") {
  return parse_head(method + " / HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n");
}

TEST(ParseHead, TellsHowLongTheBodyIs) {
  EXPECT_EQ(parse_length("Content-Length: 12\r\n").body_length, 12U);
  EXPECT_EQ(parse_length("", "GET").body_length, 0U);
  EXPECT_EQ(parse_length("Content-Length: 10737418240\r\n").body_length, 10737418240U);  // the server checks it
  for (const char* wrong : {"-1", "+1", "1,1", "1, 2", "0x10", "", "1 2", "ten", "99999999999999999999"}) {
    EXPECT_EQ(status_of([&] { parse_length("Content-Length: " + std::string(wrong) + "\r\n"); }), 400) << wrong;
  }
  EXPECT_EQ(status_of([] { parse_length(""); }), 411);
  EXPECT_EQ(status_of([] { parse_length("Transfer-Encoding: chunked\r\n"); }), 411);
}

// If two servers read different lengths, they take different bytes as the next request.
TEST(ParseHead, RefusesTwoLengths) {
  for (const char* headers :
       {"Content-Length: 1\r\nContent-Length: 2\r\n", "Content-Length: 1\r\nContent-Length: 1\r\n",
        "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n"}) {
    EXPECT_EQ(status_of([&] { parse_length(headers); }), 400) << headers;
  }
}

TEST(KeepAlive, IsTheRuleOfTheVersion) {
  auto keeps = [](const std::string& version, const std::string& header) {
    return parse_head("GET / " + version + "\r\nHost: a\r\n" + header + "\r\n").keep_alive;
  };
  EXPECT_TRUE(keeps("HTTP/1.1", ""));
  EXPECT_FALSE(keeps("HTTP/1.1", "Connection: Close\r\n"));
  EXPECT_FALSE(keeps("HTTP/1.0", ""));
  EXPECT_TRUE(keeps("HTTP/1.0", "Connection: keep-alive\r\n"));
}

TEST(ParseParameters, AreBounded) {
  std::string many;
  for (int i = 0; i < 64; ++i) many += "a=1&";
  EXPECT_EQ(parse_parameters(many).size(), 64U);
  EXPECT_EQ(status_of([&] { parse_parameters(many + "a=1"); }), 400);
}

// The parser must accept or refuse any bytes; the sanitizers detect invalid memory accesses.
TEST(ParseHead, SurvivesAnyBytes) {
  std::mt19937 generator(5);
  const std::string good = "POST /api/search?q=a%20b&k=1 HTTP/1.1\r\nHost: localhost:8000\r\nContent-Length: 5\r\n\r\n";
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = good;
    for (auto change = generator() % 8; change > 0; --change) {
      std::size_t at = generator() % bytes.size();
      if (generator() % 3 == 0) bytes.erase(at, generator() % 9);
      if (!bytes.empty()) bytes[at % bytes.size()] = static_cast<char>(generator());
      if (bytes.empty()) bytes = " ";
    }
    try {
      parse_head(bytes);
    } catch (const StatusError& error) {
      EXPECT_GE(error.status(), 400);
    }
  }
}

}  // namespace
}  // namespace clipseek::http
