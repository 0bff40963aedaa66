#include "web/index_jobs.h"

#include <sys/resource.h>

#include <algorithm>

#include "base/clock.h"
#include "catalog/report_json.h"
#include "web/event_stream.h"

namespace clipseek::web {
namespace {

// Searches get priority over an index run. On Linux, niceness is a property of a thread and is inherited by the threads
// that it starts. If the call fails, the run keeps its priority.
void lower_priority() {
  constexpr int kNiceness = 10;
  setpriority(PRIO_PROCESS, 0, kNiceness);  // 0: the calling thread
}

constexpr std::size_t kMaxFailures = 1000;
constexpr std::size_t kMaxJobs = 20;

base::Json failure_json(const IndexFailure& failure) {
  return base::Json::Object{
      {"path", failure.path}, {"code", error_info(failure.code).name}, {"message", failure.message}};
}

base::Json error_json(std::string_view code, std::string_view message) {
  return base::Json::Object{{"code", code}, {"message", message}};
}

class JobStream : public http::Stream {
 public:
  JobStream(std::shared_ptr<const IndexJob> job, std::size_t known_failures)
      : job_(std::move(job)), sent_(known_failures) {}

  Chunk next() override {
    bool over = job_->is_over();  // queried first: a job that is over has no further failures
    std::string bytes;
    std::string now = job_->json(false).dump();
    if (!over && now != last_) bytes += event("progress", now);
    last_ = std::move(now);
    for (const base::Json& failure : job_->failures_from(sent_)) {
      ++sent_;
      bytes += event("failure", failure.dump());
    }
    if (over) bytes += event("end", job_->json(false).dump());
    return {keep_alive_.with(std::move(bytes)), over};
  }

 private:
  std::string event(std::string_view name, const std::string& data) const {
    return "id: " + std::to_string(sent_) + "\n" + server_sent_event(name, data);
  }

  std::shared_ptr<const IndexJob> job_;
  std::size_t sent_;
  std::string last_;
  KeepAlive keep_alive_;
};

}  // namespace

IndexJob::IndexJob(std::int64_t id, std::vector<std::string> paths)
    : id_(id), paths_(std::move(paths)), started_ms_(base::now_ms()) {}

bool IndexJob::is_over() const {
  std::lock_guard lock(mutex_);
  return state_ != State::kRunning;
}

void IndexJob::stop() {
  stop_.request_stop();
}

void IndexJob::run(Catalog& catalog, catalog::Library& library) {
  IndexOptions options;
  options.paths.assign(paths_.begin(), paths_.end());
  options.progress = [this](const IndexProgress& progress) {
    std::lock_guard lock(mutex_);
    progress_ = progress;
    rate_.add(std::chrono::steady_clock::now(), progress.encoded);
  };
  options.failure = [this](const IndexFailure& failure) {
    std::lock_guard lock(mutex_);
    if (failures_.size() < kMaxFailures) failures_.push_back(failure);
  };
  options.stop = stop_.get_token();
  try {
    IndexReport report = catalog.index(options);
    library.refresh();  // a client that sees the end of the job finds the new pictures
    finish(report.stopped ? State::kStopped : State::kDone, report, {});
  } catch (const Error& error) {
    finish(State::kFailed, std::nullopt, error_json(error_info(error.code()).name, error.what()));
  } catch (const std::exception& error) {
    finish(State::kFailed, std::nullopt, error_json("internal", error.what()));
  }
}

void IndexJob::finish(State state, std::optional<IndexReport> report, base::Json error) {
  std::lock_guard lock(mutex_);
  state_ = state;
  report_ = std::move(report);
  error_ = std::move(error);
  progress_.scanning = false;
  seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_at_).count();
}

base::Json IndexJob::json(bool with_failures) const {
  static constexpr std::string_view kStates[] = {"running", "done", "stopped", "failed"};
  std::lock_guard lock(mutex_);
  bool running = state_ == State::kRunning;
  double rate = running ? rate_.per_second() : 0;
  double seconds =
      running ? std::chrono::duration<double>(std::chrono::steady_clock::now() - started_at_).count() : seconds_;
  std::optional<double> left = running ? catalog::seconds_left(progress_, rate) : std::nullopt;
  base::Json::Object json{{"id", id_},
                          {"state", kStates[static_cast<std::size_t>(state_)]},
                          {"paths", base::Json::Array(paths_.begin(), paths_.end())},
                          {"started_ms", started_ms_},
                          {"seconds", seconds},
                          {"scanning", progress_.scanning},
                          {"found", progress_.found},
                          {"to_encode", progress_.to_encode},
                          {"encoded", progress_.encoded},
                          {"failed", progress_.failed},
                          {"rate", rate > 0 ? base::Json(rate) : base::Json()},
                          {"seconds_left", left ? base::Json(*left) : base::Json()},
                          {"report", report_ ? catalog::to_json(*report_) : base::Json()},
                          {"error", error_}};
  if (with_failures) {
    base::Json::Array failures;
    for (const IndexFailure& failure : failures_) failures.push_back(failure_json(failure));
    json.emplace_back("failures", std::move(failures));
  }
  return json;
}

std::vector<base::Json> IndexJob::failures_from(std::size_t first) const {
  std::lock_guard lock(mutex_);
  std::vector<base::Json> failures;
  for (std::size_t i = first; i < failures_.size(); ++i) failures.push_back(failure_json(failures_[i]));
  return failures;
}

void IndexJobs::stop() {
  std::lock_guard lock(mutex_);
  stopped_ = true;
  for (const auto& job : jobs_) job->stop();
}

IndexJobs::Start IndexJobs::start(std::vector<std::string> paths) {
  std::lock_guard lock(mutex_);
  if (stopped_) throw http::StatusError(503, "unavailable", "the server is stopping");
  if (!jobs_.empty() && !jobs_.front()->is_over()) return {jobs_.front(), false};
  auto job = std::make_shared<IndexJob>(next_id_, std::move(paths));
  // If the system cannot start the thread, this throws and no job is added. The assignment also joins the thread of the
  // previous job, which has ended.
  thread_ = std::jthread([this, job] {
    lower_priority();
    job->run(catalog_, library_);
  });
  ++next_id_;
  jobs_.push_front(job);
  if (jobs_.size() > kMaxJobs) jobs_.pop_back();
  return {job, true};
}

std::shared_ptr<IndexJob> IndexJobs::find(std::int64_t id) const {
  std::lock_guard lock(mutex_);
  auto found = std::find_if(jobs_.begin(), jobs_.end(), [&](const auto& job) { return job->id() == id; });
  return found != jobs_.end() ? *found : nullptr;
}

std::vector<std::shared_ptr<IndexJob>> IndexJobs::all() const {
  std::lock_guard lock(mutex_);
  return {jobs_.begin(), jobs_.end()};
}

std::unique_ptr<http::Stream> stream_of(std::shared_ptr<const IndexJob> job, std::size_t known_failures) {
  return std::make_unique<JobStream>(std::move(job), known_failures);
}

}  // namespace clipseek::web
