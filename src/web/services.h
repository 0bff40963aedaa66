// The objects that the API's handlers share. Internal to web/.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "catalog/library.h"
#include "web/guard.h"
#include "web/index_jobs.h"
#include "web/metrics.h"
#include "web/page.h"
#include "web/query_encoder.h"
#include "web/result_folder.h"
#include "web/roots.h"
#include "web/router.h"
#include "web/thumbnails.h"
#include "web/web_server.h"

namespace clipseek::web {

inline constexpr std::size_t kMaxUploadBytes = std::size_t{32} << 20;
inline constexpr std::size_t kMaxSmallBody = 64 << 10;
inline constexpr std::size_t kMaxQueryBytes = 4096;
inline constexpr std::size_t kMaxHits = 10'000;  // that can be reached by paging

struct Services {
  Services(const WebOptions& options, Encoder& encoder);
  // From now on no index job, picture encoding or thumbnail starts; running ones end as soon as they can.
  void stop();

  WebOptions options;
  Encoder& encoder;
  Roots roots;
  Catalog catalog;
  catalog::Library library;
  catalog::Calibrator calibrator;
  QueryEncoder queries;
  Thumbnails thumbnails;
  ResultFolder results;
  Guard guard;
  Page page;
  Metrics metrics;
  std::chrono::steady_clock::time_point started_at = std::chrono::steady_clock::now();
  std::function<http::Counts()> server_counts;  // set before the server starts
  IndexJobs jobs;                               // last, because its thread uses the other members
};

void add_search_routes(Router& router, Services& services);
void add_item_routes(Router& router, Services& services);
void add_index_routes(Router& router, Services& services);
void add_result_routes(Router& router, Services& services);
void add_encode_routes(Router& router, Services& services);
void add_status_routes(Router& router, Services& services);
void add_page_routes(Router& router, Services& services);

}  // namespace clipseek::web
