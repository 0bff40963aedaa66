// /api/folders, /api/index and /api/jobs: docs/http-api.md, "Indexing".
#include <charconv>

#include "web/event_stream.h"
#include "web/reply.h"
#include "web/services.h"

namespace clipseek::web {
namespace {

constexpr std::size_t kMaxPaths = 64;

base::Json folder_json(const std::string& path) {
  return base::Json::Object{{"path", path}, {"name", file_name_of(path)}};
}

http::Response folders(const Services& services, const Call& call) {
  const std::string* path = call.request.parameter("path");
  Roots::Listing listing = path != nullptr ? services.roots.folders_in(*path) : Roots::Listing{services.roots.all()};
  base::Json::Array folders;
  for (const std::string& folder : listing.folders) folders.push_back(folder_json(folder));
  base::Json::Object json{{"path", path != nullptr ? base::Json(*path) : base::Json()},
                          {"folders", std::move(folders)}};
  if (listing.more) json.emplace_back("more", true);
  return json_response(json);
}

std::vector<std::string> paths_of(const base::Json& body) {
  std::vector<std::string> paths;
  try {
    if (const base::Json* path = body.find("path")) paths.push_back(path->as_string("path"));
    if (const base::Json* all = body.find("paths")) {
      for (const base::Json& path : all->as_array("paths")) paths.push_back(path.as_string("a path"));
    }
  } catch (const Error& error) {
    throw Error(ErrorCode::kInvalidArgument, error.what());
  }
  if (paths.size() > kMaxPaths) throw Error(ErrorCode::kInvalidArgument, "more than 64 paths");
  return paths;
}

http::Response job_response(const IndexJob& job, int status, bool with_failures) {
  return json_response(base::Json::Object{{"job", job.json(with_failures)}}, status);
}

http::Response start(Services& services, const Call& call) {
  std::vector<std::string> paths;
  for (const std::string& path : paths_of(json_body(call.request))) paths.push_back(services.roots.allowed(path));
  if (paths.empty()) paths = services.roots.all();
  if (paths.empty()) {
    throw http::StatusError(403, "outside_roots",
                            "this server may not index any folder; start it with clipseek serve --root DIR");
  }
  auto [job, started] = services.jobs.start(std::move(paths));
  if (!started) {
    std::string message = "index job " + std::to_string(job->id()) + " is running; stop it or wait until it ends";
    return json_response(
        base::Json::Object{{"error", base::Json::Object{{"code", "index_running"}, {"message", message}}},
                           {"job", job->json(false)}},
        409);
  }
  http::Response response = job_response(*job, 202, false);
  response.set("Location", "/api/jobs/" + std::to_string(job->id()));
  return response;
}

std::shared_ptr<IndexJob> job_of(const Services& services, const Call& call) {
  if (auto job = services.jobs.find(call.id)) return job;
  throw http::StatusError(404, "not_found", "there is no job " + std::to_string(call.id));
}

http::Response list_jobs(const Services& services) {
  base::Json::Array jobs;
  for (const auto& job : services.jobs.all()) jobs.push_back(job->json(false));
  return json_response(base::Json::Object{{"jobs", std::move(jobs)}});
}

http::Response stop(const Services& services, const Call& call) {
  auto job = job_of(services, call);
  job->stop();
  return job_response(*job, 202, false);
}

http::Response events(const Services& services, const Call& call) {
  std::size_t known_failures = 0;
  if (const std::string* last = call.request.header("last-event-id")) {
    std::from_chars(last->data(), last->data() + last->size(), known_failures);  // stays 0 if it is not a number
  }
  return event_stream(stream_of(job_of(services, call), known_failures));
}

}  // namespace

void add_index_routes(Router& router, Services& services) {
  router.add({"GET", "/api/folders", Pool::kDisk, 0, [&](const Call& call) { return folders(services, call); }});
  router.add(
      {"POST", "/api/index", Pool::kDisk, kMaxSmallBody, [&](const Call& call) { return start(services, call); }});
  router.add({"GET", "/api/jobs", Pool::kQuick, 0, [&](const Call&) { return list_jobs(services); }});
  router.add({"GET", "/api/jobs/{id}", Pool::kQuick, 0,
              [&](const Call& call) { return job_response(*job_of(services, call), 200, true); }});
  router.add({"DELETE", "/api/jobs/{id}", Pool::kQuick, kMaxSmallBody,
              [&](const Call& call) { return stop(services, call); }});
  router.add(
      {"GET", "/api/jobs/{id}/events", Pool::kQuick, 0, [&](const Call& call) { return events(services, call); }});
}

}  // namespace clipseek::web
