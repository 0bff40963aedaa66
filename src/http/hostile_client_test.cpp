// Hostile clients, whose requests must not affect other clients.
#include <gtest/gtest.h>

#include <thread>

#include "http/testing/test_server.h"

namespace clipseek::http {
namespace {

using std::chrono::milliseconds;
using HostileClient = ServerTest;

TEST_F(HostileClient, RefusesALargeBodyBeforeItComes) {
  TestClient one = client();
  one.send("POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 10737418240\r\n\r\n");
  std::string response = one.read_all();
  EXPECT_TRUE(response.starts_with("HTTP/1.1 413 ")) << response;
  EXPECT_NE(response.find("\"limit_exceeded\""), std::string::npos);
}

// More slow clients than workers, none of which finishes its request: all other clients are served.
TEST_F(HostileClient, HasWorkersForOthersWhileClientsAreSlow) {
  std::vector<TestClient> slow;
  for (int i = 0; i < 50; ++i) slow.push_back(client());
  for (TestClient& one : slow) one.send("GET /a HTTP/1.1\r\nHost: a\r\n");
  for (int i = 0; i < 5; ++i) slow[static_cast<std::size_t>(i)].send("Content-Length: 900\r\n\r\nsome");
  EXPECT_TRUE(ask("/a").ends_with("GET /a "));
}

TEST_F(HostileClient, EndsWithClientsThatAreTooSlow) {
  options_.limits.head = milliseconds(300);
  options_.limits.body = milliseconds(300);
  options_.limits.idle = milliseconds(300);
  TestClient head = client();
  head.send("GET /a HTTP/1.1\r\n");
  TestClient body = client();
  body.send("POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbo");
  TestClient silent = client();
  EXPECT_TRUE(head.read_all().starts_with("HTTP/1.1 408 "));
  EXPECT_TRUE(body.read_all().starts_with("HTTP/1.1 408 "));
  EXPECT_TRUE(silent.is_closed());
}

TEST_F(HostileClient, MakesRoomByEndingTheSlowest) {
  options_.limits.connections = 4;
  std::vector<TestClient> slow;
  for (int i = 0; i < 4; ++i) {
    slow.push_back(client());
    slow.back().send("GET /");
  }
  wait_until([&] { return server().counts().connections == 4; });
  EXPECT_TRUE(ask("/a").ends_with("GET /a "));
  EXPECT_TRUE(slow[0].is_closed());
}

// A client that sends a body byte by byte must not keep a connection that others need.
TEST_F(HostileClient, MakesRoomByEndingTheSlowestBody) {
  options_.limits.connections = 2;
  TestClient first = client();
  first.send("POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx");
  wait_until([&] { return server().counts().buffered_bytes == 1; });
  TestClient second = client();
  second.send("POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx");
  wait_until([&] { return server().counts().buffered_bytes == 2; });
  first.send("y");
  wait_until([&] { return server().counts().buffered_bytes == 3; });
  EXPECT_TRUE(ask("/a").ends_with("GET /a "));
  EXPECT_TRUE(first.is_closed());
  second.send("12345678");
  EXPECT_TRUE(second.read_response().ends_with("POST /b x12345678"));
}

TEST_F(HostileClient, MakesRoomByEndingTheOldestStream) {
  options_.limits.connections = 2;
  std::vector<TestClient> streams;
  for (int i = 0; i < 2; ++i) {
    streams.push_back(client());
    streams.back().send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_TRUE(streams.back().read_until("data: 1\n\n").ends_with("data: 1\n\n"));
  }
  EXPECT_TRUE(ask("/a").ends_with("GET /a "));
  EXPECT_TRUE(streams[0].is_closed());
}

// A client that requests many large responses at once must not be taken for one that has just begun to read.
TEST_F(HostileClient, MakesRoomByEndingALongReaderOfManyResponses) {
  stop_time();
  options_.limits.connections = 1;
  TestClient reader(server().port(), 64 << 10);
  reader.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\nGET /large HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(reader.read_until("\r\n\r\n").starts_with("HTTP/1.1 200 "));
  pass(std::chrono::seconds(9));
  EXPECT_EQ(reader.read(8 << 20).size(), std::size_t{8 << 20});
  EXPECT_TRUE(reader.read_until("\r\n\r\n").starts_with("HTTP/1.1 200 "));
  pass(std::chrono::seconds(9));
  EXPECT_TRUE(ask("/a").ends_with("GET /a "));
  EXPECT_LT(reader.read_all().size(), std::size_t{8 << 20});
}

TEST_F(HostileClient, BoundsTheBodiesOfAllTogether) {
  options_.limits.buffered_bytes = 1500;
  TestClient first = client();
  first.send("POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n" + std::string(999, 'x'));
  wait_until([&] { return server().counts().buffered_bytes == 999; });
  TestClient second = client();
  second.send("POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n" + std::string(1000, 'x'));
  EXPECT_TRUE(second.read_response().starts_with("HTTP/1.1 503 "));
  first.send("x");
  EXPECT_TRUE(first.read_response().starts_with("HTTP/1.1 200 "));
  wait_until([&] { return server().counts().buffered_bytes == 0; });
}

// Skipping many empty lines would delay other clients. RFC 9112, 2.2 allows a server to skip one.
TEST_F(HostileClient, RefusesManyEmptyLinesAtOnce) {
  TestClient one = client();
  one.send("\r\nGET /a HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(one.read_response().ends_with("GET /a "));
  one.send("\r\n\r\n");
  EXPECT_TRUE(one.read_response().starts_with("HTTP/1.1 400 "));
  EXPECT_TRUE(one.is_closed());
  std::string lines;
  while (lines.size() < 2'000'000) lines += "\r\n";
  TestClient two = client();
  two.send(lines + "GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
  std::string response = two.read_all();
  EXPECT_TRUE(response.starts_with("HTTP/1.1 400 "));
  EXPECT_EQ(response.find("GET /a"), std::string::npos);
  EXPECT_EQ(server().counts().refused, 2U);
}

// Requests in one segment are answered one after another, and the server's stack does not grow with their number.
TEST_F(HostileClient, RefusesManyPipelinedRequestsOnAFlatStack) {
  constexpr int kRequests = 5000;
  TestClient one = client();
  std::string requests;
  for (int i = 0; i < kRequests; ++i) requests += "GET /refused HTTP/1.1\r\nHost: a\r\n\r\n";
  std::jthread sending([&] { one.send(requests + "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"); });
  for (int i = 0; i < kRequests; ++i) ASSERT_TRUE(one.read_response().starts_with("HTTP/1.1 403 ")) << i;
  EXPECT_TRUE(one.read_response().ends_with("GET /a "));
  EXPECT_LT(highest_frame_ - lowest_frame_, 16U << 10);
}

// If a client closes its connection while its request waits for a worker, the request's body remains in memory.
TEST_F(HostileClient, CountsABodyForAsLongAsItExists) {
  options_.pools = {WorkerPoolOptions{1, 10}};
  options_.limits.buffered_bytes = 1500;
  const std::string upload = "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n" + std::string(1000, 'x');
  TestClient working = client();
  working.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
  wait_until([&] { return waiting_ == 1; });
  {
    TestClient vanishing = client();
    vanishing.send(upload);
    wait_until([&] { return server().counts().queued == 1; });
    vanishing.reset_at_close();
  }
  for (int i = 0; i < 3; ++i) {
    TestClient other = client();
    other.send(upload);
    EXPECT_TRUE(other.read_response().starts_with("HTTP/1.1 503 "));
    EXPECT_EQ(server().counts().buffered_bytes, 1000U);
  }
  release();
  wait_until([&] { return server().counts().buffered_bytes == 0; });
  TestClient next = client();
  next.send(upload);
  EXPECT_TRUE(next.read_response().starts_with("HTTP/1.1 200 "));
}

TEST_F(HostileClient, CountsNoBodyOfARequestThatFoundTheQueueFull) {
  options_.pools = {WorkerPoolOptions{1, 1}};
  TestClient working = client();
  working.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
  wait_until([&] { return waiting_ == 1; });
  TestClient queued = client();
  queued.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
  wait_until([&] { return server().counts().queued == 1; });
  TestClient refused = client();
  refused.send("POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody");
  EXPECT_TRUE(refused.read_response().starts_with("HTTP/1.1 503 "));
  EXPECT_EQ(server().counts().buffered_bytes, 0U);
}

}  // namespace
}  // namespace clipseek::http
