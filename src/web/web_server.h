// Start here: a server for the page and the HTTP API on a database of pictures, described in docs/http-api.md.
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
  int port = 8000;                           // 0: any free port
  std::vector<std::filesystem::path> roots;  // folders that may be indexed; with none the database is only read
  std::filesystem::path results;             // a folder of links to show; empty: none
  std::string token;                         // empty: requests need no token
  std::vector<std::string> allowed_hosts;    // names of this server besides its addresses
  std::string precision;                     // of the model, shown by /api/status
};

class WebServer {
 public:
  // Starts serving. `encoder` must outlive this object. Throws Error as Library and http::Server do, and
  // kInvalidArgument for an address other than the loopback addresses without a token, and for a token that is not 16
  // to 256 letters, digits and "-._~".
  WebServer(WebOptions options, Encoder& encoder);
  // Stops gracefully: within seconds every request is answered, with 503 `unavailable` where it cannot be finished, and
  // an index run stops after the pictures that it has started. The destructor waits for these pictures and for those
  // that are being decoded.
  ~WebServer();

  int port() const;
  std::string url() const;  // for a browser on this machine

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace clipseek::web
