// For tests: a server whose routes do what a test needs.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

#include "http/server.h"
#include "http/testing/test_client.h"

namespace clipseek::http {

inline Response text(std::string body) {
  Response response;
  response.set("Content-Type", "text/plain");
  response.body = std::move(body);
  return response;
}

inline Response stream(std::unique_ptr<Stream> body) {
  Response response;
  response.body = std::move(body);
  return response;
}

// Counts to three.
class Counter : public Stream {
 public:
  Chunk next() override { return {"data: " + std::to_string(++count_) + "\n\n", count_ == 3}; }

 private:
  int count_ = 0;
};

// Sends one event and never ends.
class Endless : public Stream {
 public:
  Chunk next() override { return {std::exchange(event_, {}), false}; }

 private:
  std::string event_ = "data: 1\n\n";
};

class ServerTest : public testing::Test {
 protected:
  RouteDecision route(const Request& request) {
    auto frame = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    lowest_frame_ = std::min(lowest_frame_.load(), frame);
    highest_frame_ = std::max(highest_frame_.load(), frame);
    if (request.path == "/refused") throw StatusError(403, "no", "not this one");
    if (request.path == "/wait") {
      return {0, 0, [this](Request&) {
                ++waiting_;
                std::unique_lock lock(mutex_);
                released_.wait(lock, [this] { return open_; });
                return text("waited");
              }};
    }
    if (request.path == "/throw") return {0, 0, [](Request&) -> Response { throw std::runtime_error("secret"); }};
    if (request.path == "/large") return {0, 0, [](Request&) { return text(std::string(8 << 20, 'x')); }};
    if (request.path == "/stream") return {0, 0, [](Request&) { return stream(std::make_unique<Counter>()); }};
    if (request.path == "/endless") return {0, 0, [](Request&) { return stream(std::make_unique<Endless>()); }};
    if (request.path == "/file") {
      return {0, 0, [this](Request&) {
                Response response;
                response.body = std::make_unique<FileBody>(file_);
                return response;
              }};
    }
    return {1000, 0, [](Request& whole) { return text(whole.method + " " + whole.path + " " + whole.body); }};
  }

  Server& server() {
    if (!server_) {
      options_.headers = {{"X-Common", "yes"}};
      server_ = std::make_unique<Server>(options_, [this](const Request& request) { return route(request); });
      server_->start();
    }
    return *server_;
  }
  TestClient client() { return TestClient(server().port()); }
  std::string ask(const std::string& path) {
    TestClient one = client();
    one.send("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    return one.read_all();
  }
  void release() {
    {
      std::lock_guard lock(mutex_);
      open_ = true;
    }
    released_.notify_all();
  }
  // The server's time stands still from now on, except in pass(). Call it before server().
  void stop_time() {
    options_.now = [this, start = std::chrono::steady_clock::now()] { return start + passed_.load(); };
  }
  void pass(std::chrono::seconds time) { passed_ = passed_.load() + time; }
  void wait_until(const std::function<bool()>& condition) {
    for (int i = 0; i < 3000 && !condition(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    ASSERT_TRUE(condition());
  }
  void TearDown() override {
    release();
    server_.reset();
    if (!file_.empty()) std::filesystem::remove(file_);
  }

  std::atomic<std::chrono::seconds> passed_ = std::chrono::seconds(0);
  ServerOptions options_;
  std::filesystem::path file_;
  std::mutex mutex_;
  std::condition_variable released_;
  bool open_ = false;
  std::atomic<int> waiting_ = 0;
  std::atomic<std::uintptr_t> lowest_frame_ = ~std::uintptr_t{0};  // of the stack, at a call of route()
  std::atomic<std::uintptr_t> highest_frame_ = 0;
  std::unique_ptr<Server> server_;
};

}  // namespace clipseek::http
