// /api/status, /healthz and /metrics: docs/http-api.md, "The server".
#include <chrono>

#include "clipseek/version.h"
#include "web/reply.h"
#include "web/services.h"

namespace clipseek::web {
namespace {

base::Json::Object model_json(const Services& services) {
  const EncoderInfo& model = services.encoder.info();
  return {{"name", model.name},
          {"dimension", model.dimension},
          {"precision", services.options.precision},
          {"fingerprint", model.fingerprint}};
}

base::Json::Object database_json(Services& services) {
  std::string path = std::filesystem::absolute(services.options.database).string();
  base::Json::Object json{{"path", path}};
  try {
    CatalogStats stats = services.catalog.stats();
    json.emplace_back("items", stats.items);
    json.emplace_back("other_items", stats.other_items);
    json.emplace_back("other_models", base::Json::Array(stats.other_models.begin(), stats.other_models.end()));
    json.emplace_back("failures", stats.failures);
    json.emplace_back("bytes", stats.database_bytes);
  } catch (const Error& error) {
    json.emplace_back("trouble", error.what());
  }
  return json;
}

base::Json::Object limits_json() {
  return {{"upload_bytes", kMaxUploadBytes},
          {"query_bytes", kMaxQueryBytes},
          {"terms", kMaxQueryTerms},
          {"hits", kMaxHits}};
}

double uptime(const Services& services) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - services.started_at).count();
}

http::Response status(Services& services) {
  catalog::Library::State library = services.library.state();
  base::Json running;
  base::Json last;
  for (const auto& job : services.jobs.all()) {
    if (!job->is_over()) {
      running = job->json(false);
    } else if (last.is_null()) {
      last = job->json(false);
    }
  }
  const std::vector<std::string>& roots = services.roots.all();
  base::Json::Object state{{"version", library.version},
                           {"items", library.items},
                           {"changed_ms", library.changed_ms ? base::Json(*library.changed_ms) : base::Json()},
                           {"trouble", library.last_error.empty() ? base::Json() : base::Json(library.last_error)}};
  return json_response(
      base::Json::Object{{"version", version()},
                         {"model", model_json(services)},
                         {"database", database_json(services)},
                         {"library", std::move(state)},
                         {"roots", base::Json::Array(roots.begin(), roots.end())},
                         {"results", services.results.shown() ? base::Json(services.results.folder()) : base::Json()},
                         {"job", running},
                         {"last_job", last},
                         {"uptime_seconds", uptime(services)},
                         {"limits", limits_json()}});
}

http::Response text_response(std::string text) {
  http::Response response;
  response.set("Content-Type", "text/plain; charset=utf-8");
  response.set("Cache-Control", "no-store");
  response.body = std::move(text);
  return response;
}

http::Response metrics(const Services& services) {
  http::Counts counts = services.server_counts();
  auto real = [](auto count) { return static_cast<double>(count); };
  std::string text = services.metrics.text();
  text += metric("clipseek_http_connections", "gauge", "Open connections.", real(counts.connections));
  text += metric("clipseek_http_connections_total", "counter", "Connections accepted.", real(counts.accepted));
  text += metric("clipseek_http_refused_total", "counter",
                 "Requests refused before they reached a worker: malformed, cross-site, too large, too slow, too many.",
                 real(counts.refused));
  text += metric("clipseek_http_queued", "gauge", "Requests waiting for a worker.", real(counts.queued));
  text += metric("clipseek_http_buffered_bytes", "gauge", "Bytes of request bodies in memory.",
                 real(counts.buffered_bytes));
  text +=
      metric("clipseek_library_items", "gauge", "Pictures that a search covers.", real(services.library.state().items));
  text += metric("clipseek_thumbnail_cache_bytes", "gauge", "Bytes of thumbnails in memory.",
                 real(services.thumbnails.bytes()));
  text += metric("process_resident_memory_bytes", "gauge", "Resident memory.", real(resident_bytes()));
  text += metric("clipseek_uptime_seconds", "gauge", "Seconds since the start.", uptime(services));
  http::Response response = text_response(std::move(text));
  response.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  return response;
}

}  // namespace

void add_status_routes(Router& router, Services& services) {
  router.add({"GET", "/api/status", Pool::kDisk, 0, [&](const Call&) { return status(services); }});
  router.add({"GET", "/healthz", Pool::kQuick, 0, [](const Call&) { return text_response("ok\n"); }});
  router.add({"GET", "/metrics", Pool::kQuick, 0, [&](const Call&) { return metrics(services); }});
}

}  // namespace clipseek::web
