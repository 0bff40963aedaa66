#include "web/web_server.h"

#include <algorithm>
#include <thread>

#include "base/ascii.h"
#include "base/log.h"
#include "http/server.h"
#include "web/services.h"

namespace clipseek::web {
namespace {

constexpr std::size_t kThumbnailBytes = std::size_t{64} << 20;
constexpr std::size_t kMinToken = 16;
constexpr std::size_t kMaxToken = 256;

bool is_own_address(const std::string& address) {
  return address == "localhost" || address == "::1" || address.starts_with("127.");
}

// Checks the options before anything is opened.
const WebOptions& checked(const WebOptions& options) {
  const std::string& token = options.token;
  if (token.empty() && !is_own_address(options.address)) {
    throw Error(ErrorCode::kInvalidArgument,
                "other machines can reach " + options.address +
                    ", so a token is needed (--token-file FILE, $CLIPSEEK_TOKEN or --token TOKEN)");
  }
  auto allowed = [](char letter) {
    return base::is_ascii_alphanumeric(letter) || std::string_view("-._~").find(letter) != std::string_view::npos;
  };
  bool fits =
      token.size() >= kMinToken && token.size() <= kMaxToken && std::all_of(token.begin(), token.end(), allowed);
  if (!token.empty() && !fits) {
    throw Error(ErrorCode::kInvalidArgument, "the token must have 16 to 256 letters, digits and '-._~'");
  }
  return options;
}

// The default headers of every response: it may not load anything, and other sites may not use it.
std::vector<http::Header> safe_headers() {
  return {{"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
          {"X-Content-Type-Options", "nosniff"},
          {"X-Frame-Options", "DENY"},
          {"Referrer-Policy", "no-referrer"},
          {"Cross-Origin-Resource-Policy", "same-origin"},
          {"Cross-Origin-Opener-Policy", "same-origin"}};
}

// Cached thumbnails must not wait behind those that are being generated, and concurrent queries should share one scan
// of the vectors. Both types of work therefore have more workers than cores, and a semaphore bounds the expensive part.
// There are twice as many query workers as one scan takes, so that the next scan's queries gather during a scan.
// Pictures and disks can be slow, so their queues are short: their requests occupy at most 116 of the 256 connections,
// and searches have the others.
std::vector<http::WorkerPoolOptions> worker_pools() {
  constexpr int kQuickThreads = 64;
  constexpr int kPictureThreads = 16;
  constexpr int kDiskThreads = 4;
  constexpr std::size_t kSlowQueue = 48;
  return {{kQuickThreads, 256}, {kPictureThreads, kSlowQueue}, {kDiskThreads, kSlowQueue}};
}

// Creates the database if the catalog may create it, so that the library finds it.
const std::filesystem::path& with_database(const std::filesystem::path& database, Catalog& catalog) {
  catalog.stats();
  return database;
}

}  // namespace

Services::Services(const WebOptions& options_in, Encoder& encoder_in)
    : options(options_in),
      encoder(encoder_in),
      roots(options.roots),
      catalog(options.database, encoder, options.roots.empty() ? OpenMode::kReadOnly : OpenMode::kCreate),
      library(with_database(options.database, catalog), encoder.info()),
      calibrator(encoder, catalog::NeutralCache(catalog::neutral_cache_folder())),
      queries(encoder, library),
      thumbnails(kThumbnailBytes),
      results(options.results, library),
      guard({options.token, options.allowed_hosts}),
      jobs(catalog, library) {}

void Services::stop() {
  jobs.stop();
  queries.stop();
  thumbnails.stop();
}

struct WebServer::Impl {
  Impl(const WebOptions& options, Encoder& encoder) : services(checked(options), encoder), router(services.metrics) {
    add_page_routes(router, services);
    add_search_routes(router, services);
    add_item_routes(router, services);
    add_index_routes(router, services);
    add_result_routes(router, services);
    add_encode_routes(router, services);
    add_status_routes(router, services);
    services.server_counts = [this] { return server->counts(); };
    http::ServerOptions server_options;
    server_options.address = options.address;
    server_options.port = options.port;
    server_options.pools = worker_pools();
    server_options.headers = safe_headers();
    server = std::make_unique<http::Server>(std::move(server_options), [this](const http::Request& request) {
      services.guard.check(request);
      bool file =
          Page::owns(request.path) && request.path != "/" && (request.method == "GET" || request.method == "HEAD");
      if (!file) return router.route(request);
      return http::RouteDecision{0, static_cast<std::size_t>(Pool::kQuick),
                                 [this](http::Request& whole) { return services.page.get(whole); }};
    });
    preparing = std::jthread([this] {
      try {
        services.calibrator.prepare();
      } catch (const std::exception& error) {
        base::log_warn(std::string("cannot encode the neutral sentences: ") + error.what());
      }
    });
    server->start();  // last, because the handlers use the members
  }
  ~Impl() { services.stop(); }

  // The members are destroyed in reverse order: the server first, so that waiting clients are answered without delay.
  Services services;
  Router router;
  std::jthread preparing;  // encodes the neutral sentences that the first search needs
  std::unique_ptr<http::Server> server;
};

WebServer::WebServer(WebOptions options, Encoder& encoder) : impl_(std::make_unique<Impl>(options, encoder)) {}
WebServer::~WebServer() = default;

int WebServer::port() const {
  return impl_->server->port();
}

std::string WebServer::url() const {
  std::string host = impl_->services.options.address;
  if (host == "0.0.0.0") host = "127.0.0.1";
  if (host == "::") host = "::1";
  if (host.find(':') != std::string::npos) host = "[" + host + "]";
  return "http://" + host + ":" + std::to_string(port()) + "/";
}

}  // namespace clipseek::web
