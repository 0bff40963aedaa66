#include "http/server.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "http/testing/test_server.h"

namespace clipseek::http {
namespace {

using std::chrono::milliseconds;

TEST_F(ServerTest, AnswersSeveralRequestsOfOneConnection) {
  TestClient one = client();
  one.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
  std::string first = one.read_response();
  EXPECT_TRUE(first.starts_with("HTTP/1.1 200 OK\r\n")) << first;
  EXPECT_NE(first.find("\r\nX-Common: yes\r\n"), std::string::npos);
  EXPECT_TRUE(first.ends_with("\r\n\r\nGET /a ")) << first;
  one.send("POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbo");
  one.send("dy");
  EXPECT_TRUE(one.read_response().ends_with("POST /b body"));
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
  TestClient one = client();
  one.send(
      "GET /a HTTP/1.1\r\nHost: a\r\n\r\nPOST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nxGET /c "
      "HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(one.read_response().ends_with("GET /a "));
  EXPECT_TRUE(one.read_response().ends_with("POST /b x"));
  EXPECT_TRUE(one.read_response().ends_with("GET /c "));
}

TEST_F(ServerTest, SendsNoBodyForHead) {
  TestClient one = client();
  one.send("HEAD /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  std::string response = one.read_all();
  EXPECT_NE(response.find("Content-Length: 8\r\n"), std::string::npos) << response;
  EXPECT_TRUE(response.ends_with("\r\n\r\n"));
}

TEST_F(ServerTest, AsksForTheBodyOnlyWhenItWantsIt) {
  TestClient one = client();
  one.send("POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(one.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  one.send("body");
  EXPECT_TRUE(one.read_response().ends_with("POST /b body"));
  TestClient two = client();
  two.send("POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 4000\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_TRUE(two.read_response().starts_with("HTTP/1.1 413 "));
}

TEST_F(ServerTest, ComparesAnExpectationWithoutRegardToCase) {
  TestClient one = client();
  one.send("POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-Continue\r\n\r\n");
  EXPECT_EQ(one.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  one.send("body");
  EXPECT_TRUE(one.read_response().ends_with("POST /b body"));
  TestClient two = client();
  two.send("POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 200-ok\r\n\r\n");
  EXPECT_TRUE(two.read_response().starts_with("HTTP/1.1 417 "));
}

// The owner can finish its own construction, with a pointer to the server, before a handler uses it.
TEST_F(ServerTest, LetsClientsWaitUntilItStarts) {
  std::atomic<bool> complete = false;
  std::unique_ptr<Server> owner;
  owner = std::make_unique<Server>(ServerOptions{}, [&](const Request&) {
    return RouteDecision{
        0, 0, [&](Request&) { return text(complete ? std::to_string(owner->counts().accepted) : "too early"); }};
  });
  TestClient early(owner->port());
  early.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(owner->counts().accepted, 0U);
  complete = true;
  owner->start();
  EXPECT_TRUE(early.read_response().ends_with("\r\n\r\n1"));
}

TEST_F(ServerTest, EndsWithoutHavingStarted) {
  auto never = std::make_unique<Server>(ServerOptions{}, nullptr);
  TestClient one(never->port());
  never.reset();
  EXPECT_TRUE(one.is_closed());
}

TEST_F(ServerTest, TellsErrorsAndNoSecrets) {
  EXPECT_TRUE(ask("/refused").starts_with("HTTP/1.1 403 "));
  std::string internal = ask("/throw");
  EXPECT_TRUE(internal.starts_with("HTTP/1.1 500 ")) << internal;
  EXPECT_EQ(internal.find("secret"), std::string::npos);
  TestClient one = client();
  one.send("nonsense\r\n\r\n");
  EXPECT_TRUE(one.read_all().starts_with("HTTP/1.1 400 "));
}

TEST_F(ServerTest, GoesOnAfterARefusalWithoutBody) {
  TestClient one = client();
  one.send("GET /refused HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(one.read_response().starts_with("HTTP/1.1 403 "));
  one.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(one.read_response().ends_with("GET /a "));
}

TEST_F(ServerTest, KeepsNewcomersWaitingWhileAllConnectionsAreBusy) {
  options_.limits.connections = 2;
  options_.pools = {WorkerPoolOptions{2, 10}};
  TestClient first = client();
  TestClient second = client();
  for (TestClient* one : {&first, &second}) one->send("GET /wait HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  wait_until([&] { return waiting_ == 2; });
  TestClient third = client();
  third.send("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  release();
  EXPECT_TRUE(first.read_all().ends_with("waited"));
  EXPECT_TRUE(second.read_all().ends_with("waited"));
  EXPECT_TRUE(third.read_all().ends_with("GET /a "));
}

TEST_F(ServerTest, SaysBusyWhenTooManyWait) {
  options_.pools = {WorkerPoolOptions{1, 1}};
  TestClient working = client();
  working.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
  wait_until([&] { return waiting_ == 1; });
  TestClient queued = client();
  queued.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
  wait_until([&] { return server().counts().queued == 1; });
  std::string busy = ask("/a");
  EXPECT_TRUE(busy.starts_with("HTTP/1.1 503 ")) << busy;
  EXPECT_NE(busy.find("Retry-After"), std::string::npos);
  release();
  EXPECT_TRUE(queued.read_response().ends_with("GET /a "));
}

TEST_F(ServerTest, SendsALargeResponseToASlowReader) {
  TestClient reader = client();
  reader.send("GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(ask("/a").ends_with("GET /a "));  // while the other response is not being read
  std::string response = reader.read_all();
  EXPECT_TRUE(response.ends_with("\r\n\r\n" + std::string(8 << 20, 'x')));
}

TEST_F(ServerTest, SendsFiles) {
  file_ = std::filesystem::temp_directory_path() / ("clipseek-http-" + std::to_string(::getpid()));
  std::string content;
  for (int i = 0; i < 700'000; ++i) content += std::to_string(i);
  std::ofstream(file_) << content;
  std::string response = ask("/file");
  EXPECT_TRUE(response.starts_with("HTTP/1.1 200 "));
  EXPECT_TRUE(response.ends_with("\r\n\r\n" + content));
  std::filesystem::remove(file_);
  EXPECT_TRUE(ask("/file").starts_with("HTTP/1.1 404 "));
  ASSERT_EQ(::mkfifo(file_.c_str(), 0600), 0);  // opening it must not wait for a writer
  EXPECT_TRUE(ask("/file").starts_with("HTTP/1.1 422 "));
}

TEST_F(ServerTest, SendsStreamsUntilTheyEnd) {
  EXPECT_TRUE(ask("/stream").ends_with("\r\n\r\ndata: 1\n\ndata: 2\n\ndata: 3\n\n"));
}

TEST_F(ServerTest, FinishesWhatIsUnderWayWhenItStops) {
  TestClient idle = client();
  TestClient working = client();
  working.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
  wait_until([&] { return waiting_ == 1 && server().counts().connections == 2; });
  std::jthread stopping([this] { server_.reset(); });
  EXPECT_TRUE(idle.is_closed());
  release();
  std::string response = working.read_all();
  EXPECT_TRUE(response.ends_with("waited")) << response;
  EXPECT_NE(response.find("Connection: close"), std::string::npos);
}

// Of three requests, one occupies a worker that does not finish, one waits for that worker, and one has not arrived
// completely.
TEST_F(ServerTest, RefusesWhatCannotBeFinishedWhenItStops) {
  options_.limits.stop = milliseconds(200);
  TestClient working = client();
  working.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
  wait_until([&] { return waiting_ == 1; });
  TestClient queued = client();
  queued.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
  TestClient arriving = client();
  arriving.send("POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbo");
  wait_until([&] { return server().counts().queued == 1 && server().counts().buffered_bytes == 2; });
  std::jthread stopping([this] { server_.reset(); });
  for (TestClient* one : {&working, &queued, &arriving}) {
    std::string response = one->read_all();
    EXPECT_TRUE(response.starts_with("HTTP/1.1 503 ")) << response;
    EXPECT_NE(response.find("\"unavailable\""), std::string::npos) << response;
  }
  release();
}

TEST_F(ServerTest, NeedsAnAddressAndAFreePort) {
  ServerOptions wrong;
  wrong.address = "example.org";
  EXPECT_THROW(Server(wrong, nullptr), Error);
  ServerOptions taken;
  taken.port = server().port();
  EXPECT_THROW(Server(taken, nullptr), Error);
}

TEST_F(ServerTest, TakesRequestsOfManyClientsAtOnce) {
  options_.pools = {WorkerPoolOptions{4, 256}};
  server();
  std::atomic<int> right = 0;
  {
    std::vector<std::jthread> clients;
    for (int i = 0; i < 8; ++i) {
      clients.emplace_back([&, i] {
        TestClient one = client();
        for (int j = 0; j < 50; ++j) {
          std::string path = "/" + std::to_string(i) + "-" + std::to_string(j);
          one.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
          if (one.read_response().ends_with("GET " + path + " ")) ++right;
        }
      });
    }
  }
  EXPECT_EQ(right, 400);
}

}  // namespace
}  // namespace clipseek::http
