// Start here: the page and the HTTP API over a database of pictures. docs/http-api.md says what it answers.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "clipseek/encoder.h"

namespace clipseek::web {

struct WebOptions {
  std::filesystem::path database;
  std::string address = "127.0.0.1";
  int port = 8000;                           // 0: any that is free
  std::vector<std::filesystem::path> roots;  // folders that may be indexed; with none the database is only read
  std::filesystem::path results;             // a folder of links to show; empty: none
  std::string token;                         // empty: none is asked for
  std::vector<std::string> allowed_hosts;    // names of this server besides its addresses
  std::string precision;                     // of the model, for people
};

class WebServer {
 public:
  // Serves from now on. `encoder` must outlive it and take several calls of encode_images at once, as Model does.
  // Throws Error: what Library and HttpServer throw, and kInvalidArgument for an address other than this machine's own
  // without a token, and for a token that is not 16 to 256 letters, digits and "-._~".
  WebServer(WebOptions options, Encoder& encoder);
  // Stops in good order: within seconds every request is answered, with 503 `unavailable` where it cannot be finished;
  // an index run stops after the pictures it has begun. These, and pictures that a library is decoding, are waited for.
  ~WebServer();

  int port() const;
  std::string url() const;  // for a browser on this machine

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace clipseek::web
