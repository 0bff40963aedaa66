// Index runs that were asked for over HTTP: one at a time, each on a thread of its own.
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

// One run. Any thread.
class IndexJob {
 public:
  IndexJob(std::int64_t id, std::vector<std::string> paths);

  std::int64_t id() const { return id_; }
  bool over() const;
  void stop();
  // As docs/http-api.md says.
  base::Json json(bool with_failures) const;
  // The failures from the `first` on, each as JSON.
  std::vector<base::Json> failures_from(std::size_t first) const;

 private:
  friend class IndexJobs;
  enum class State { kRunning, kDone, kStopped, kFailed };
  void run(Catalog& catalog, catalog::Library& library);
  void finish(State state, std::optional<IndexReport> report, base::Json error);

  const std::int64_t id_;
  const std::vector<std::string> paths_;
  const std::int64_t started_ms_;
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();

  mutable std::mutex mutex_;
  State state_ = State::kRunning;
  std::stop_source stop_;
  IndexProgress progress_;
  catalog::RateMeter rate_;
  double seconds_ = 0;  // once it is over
  std::optional<IndexReport> report_;
  base::Json error_;
  std::vector<IndexFailure> failures_;
};

class IndexJobs {
 public:
  // Both must outlive it.
  IndexJobs(Catalog& catalog, catalog::Library& library) : catalog_(catalog), library_(library) {}
  // Stops the run under way and waits for it.
  ~IndexJobs() { stop(); }

  struct Start {
    std::shared_ptr<IndexJob> job;
    bool begun;  // false: the job is another one, which runs
  };
  // Throws StatusError 503 after stop(). `paths` are to be looked at by the caller first.
  Start start(std::vector<std::string> paths);
  std::shared_ptr<IndexJob> find(std::int64_t id) const;  // null where there is none
  std::vector<std::shared_ptr<IndexJob>> all() const;     // the newest first
  // Tells the run under way to end, and begins no other. Does not wait.
  void stop();

 private:
  Catalog& catalog_;
  catalog::Library& library_;
  mutable std::mutex mutex_;
  bool stopped_ = false;
  std::int64_t next_id_ = 1;
  std::deque<std::shared_ptr<IndexJob>> jobs_;  // the newest first
  std::jthread thread_;                         // of the newest
};

// The job's progress as server-sent events; tells failures beyond the first `told` ones.
std::unique_ptr<http::Stream> stream_of(std::shared_ptr<const IndexJob> job, std::size_t told);

}  // namespace clipseek::web
