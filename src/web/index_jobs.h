// Index runs that are started over HTTP: one at a time, each on its own thread.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/json.h"
#include "catalog/library.h"
#include "catalog/rate_meter.h"
#include "clipseek/catalog.h"
#include "http/message.h"

namespace clipseek::web {

// One index run. Thread-safe.
class IndexJob {
 public:
  IndexJob(std::int64_t id, std::vector<std::string> paths);

  std::int64_t id() const { return id_; }
  bool is_over() const;
  void stop();
  // The job object of docs/http-api.md.
  base::Json json(bool with_failures) const;
  // Returns the failures from number `first` on, each as JSON.
  std::vector<base::Json> failures_from(std::size_t first) const;

 private:
  friend class IndexJobs;
  enum class State { kRunning, kDone, kStopped, kFailed };
  void run(Catalog& catalog, catalog::Library& library);
  void finish(State state, std::optional<IndexReport> report, base::Json error);

  const std::int64_t id_;
  const std::vector<std::string> paths_;
  const std::int64_t started_ms_;
  const std::chrono::steady_clock::time_point started_at_ = std::chrono::steady_clock::now();

  mutable std::mutex mutex_;
  State state_ = State::kRunning;
  std::stop_source stop_;
  IndexProgress progress_;
  catalog::RateMeter rate_;
  double seconds_ = 0;  // set when the run ends
  std::optional<IndexReport> report_;
  base::Json error_;
  std::vector<IndexFailure> failures_;
};

class IndexJobs {
 public:
  // `catalog` and `library` must outlive this object.
  IndexJobs(Catalog& catalog, catalog::Library& library) : catalog_(catalog), library_(library) {}
  // Stops the running job and waits for its end.
  ~IndexJobs() { stop(); }

  struct Start {
    std::shared_ptr<IndexJob> job;
    bool started;  // false: `job` is another job, which is still running
  };
  // The caller must have checked `paths` (Roots::allowed). Throws StatusError 503 after stop(), and std::system_error
  // if no thread can be started; then no job has been added.
  Start start(std::vector<std::string> paths);
  std::shared_ptr<IndexJob> find(std::int64_t id) const;  // a null pointer if no such job exists
  std::vector<std::shared_ptr<IndexJob>> all() const;     // the newest first
  // Requests the running job to stop, without waiting for it; start() fails from now on.
  void stop();

 private:
  Catalog& catalog_;
  catalog::Library& library_;
  mutable std::mutex mutex_;
  bool stopped_ = false;
  std::int64_t next_id_ = 1;
  std::deque<std::shared_ptr<IndexJob>> jobs_;  // the newest first
  std::jthread thread_;                         // of the newest job
};

// The job's progress as server-sent events, without the first `known_failures` failures.
std::unique_ptr<http::Stream> stream_of(std::shared_ptr<const IndexJob> job, std::size_t known_failures);

}  // namespace clipseek::web
