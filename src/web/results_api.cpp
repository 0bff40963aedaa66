// /api/results: docs/http-api.md, "Result folder".
#include <chrono>

#include "web/event_stream.h"
#include "web/reply.h"
#include "web/services.h"

namespace clipseek::web {
namespace {

class ResultStream : public http::Stream {
 public:
  explicit ResultStream(const ResultFolder& folder) : folder_(folder) {}

  Chunk next() override {
    std::string bytes;
    auto now = std::chrono::steady_clock::now();
    if (now >= next_check_) {
      next_check_ = now + std::chrono::seconds(1);
      if (folder_.version() != sent_) {
        ResultFolder::Content content = folder_.read();
        sent_ = content.version;
        bytes = server_sent_event("results", content.json.dump());
      }
    }
    return {keep_alive_.with(std::move(bytes)), false};
  }

 private:
  const ResultFolder& folder_;
  std::string sent_;
  std::chrono::steady_clock::time_point next_check_;
  KeepAlive keep_alive_;
};

void require_folder(const Services& services) {
  if (services.results.shown()) return;
  throw http::StatusError(404, "not_found", "this server has no result folder (clipseek serve --results DIR)");
}

http::Response results(const Services& services, const Call& call) {
  require_folder(services);
  ResultFolder::Content content = services.results.read();
  http::Response response =
      with_tag(call.request, content.version, "no-cache", [&] { return json_response(content.json); });
  return response;
}

}  // namespace

void add_result_routes(Router& router, Services& services) {
  router.add({"GET", "/api/results", Pool::kDisk, 0, [&](const Call& call) { return results(services, call); }});
  router.add({"GET", "/api/results/events", Pool::kDisk, 0, [&](const Call&) {
                require_folder(services);
                return event_stream(std::make_unique<ResultStream>(services.results));
              }});
}

}  // namespace clipseek::web
