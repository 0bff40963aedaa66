#include "nodes/manage/remote_run.h"

#include <cmath>
#include <utility>

#include "base/parallel.h"
#include "nodes/shared/item_extra.h"
#include "nodes/shared/log_text.h"

namespace clipseek::nodes {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kGoalsPerServer = 2;  // the number of workers, and so of concurrent goals, per server
constexpr int kMaxLostGoals = 3;
constexpr std::chrono::milliseconds kPollInterval{50};
constexpr std::chrono::seconds kReminderInterval{5};
constexpr std::chrono::seconds kDisconnectTimeout{2};

}  // namespace

Embedding to_embedding(std::vector<float> feature) {
  double square = 0;
  for (float value : feature) square += double{value} * double{value};
  double length = std::sqrt(square);
  constexpr double kRounding = 1e-4;
  if (std::isfinite(length) && length > 0 && std::abs(length - 1) > kRounding) {
    for (float& value : feature) value = static_cast<float>(value / length);
  }
  return feature;
}

void check_model(const ClipItem& item, const EncoderInfo& model) {
  std::string fingerprint = find_extra(item, kModelKey);
  if (fingerprint.empty() || fingerprint == model.fingerprint) return;
  throw Error(ErrorCode::kModelMismatch, "the model of an encoder node is no longer " + model.name +
                                             ": restart the node with that model, or run this again with the new one");
}

RemoteRun::RemoteRun(const EncoderInfo& model, const std::vector<FeatureClient*>& clients,
                     const RemoteEncoderOptions& options, ros2::Logger& logger, const NextImage& next,
                     const ImageDone& done, std::stop_token stop)
    : model_(model),
      clients_(clients),
      options_(options),
      logger_(logger),
      next_(next),
      done_(done),
      stop_(std::move(stop)),
      active_workers_(clients.size() * kGoalsPerServer),
      last_available_(Clock::now()),
      last_reminder_(last_available_) {}

void RemoteRun::run() {
  base::run_workers(static_cast<int>(active_workers_), [this](int worker) {
    try {
      run_worker(*clients_[static_cast<std::size_t>(worker / kGoalsPerServer)]);
    } catch (...) {
      std::lock_guard lock(mutex_);
      failed_ = true;
      changed_.notify_all();
      throw;
    }
  });
}

void RemoteRun::run_worker(FeatureClient& client) {
  bool model_checked = false;
  while (wait_ready(client)) {
    if (!model_checked) {
      std::optional<bool> same_model = has_same_model(client);
      if (!same_model) {  // the server has disappeared or does not respond
        require_available();
        continue;
      }
      if (!*same_model) return;
    }
    std::vector<Work> work = take();
    if (work.empty()) return;
    model_checked = encode(client, std::move(work));  // after a loss, another server may have replaced it
  }
}

Error RemoteRun::unavailable() const {
  return {ErrorCode::kUnavailable,
          "no encoder node was available for " + std::to_string(options_.timeout.count() / 1000) + " s"};
}

// Throws when no encoder node has accepted a goal within the timeout.
void RemoteRun::require_available() {
  std::lock_guard lock(mutex_);
  if (busy_workers_ == 0 && Clock::now() - last_available_ > options_.timeout) throw unavailable();
}

// Waits until the server is available. Returns false when no work is left.
bool RemoteRun::wait_ready(FeatureClient& client) {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (failed_ || (exhausted_ && requeued_.empty() && busy_workers_ == 0)) return false;
    if (stop_.stop_requested()) throw Error(ErrorCode::kCancelled, "stopped while waiting for encoder nodes");
    auto now = Clock::now();
    if (client.ready()) return true;
    if (busy_workers_ > 0) last_available_ = now;  // another server is encoding
    if (now - last_available_ > options_.timeout) {
      throw unavailable();
    }
    if (now - last_available_ > kReminderInterval && now - last_reminder_ > kReminderInterval) {
      last_reminder_ = now;
      logger_.warn("Waiting for the server of the action " + client.action());
    }
    changed_.wait_for(lock, kPollInterval);
  }
}

// Returns std::nullopt when the server does not respond.
std::optional<bool> RemoteRun::has_same_model(FeatureClient& client) {
  EncoderInfo theirs;
  try {
    theirs = client.model(stop_);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kUnavailable) throw;
    logger_.warn(error.what());
    return std::nullopt;
  }
  if (theirs.fingerprint == model_.fingerprint) return true;
  std::string message = "the encoder of " + client.action() + " runs the model " + sanitized(theirs.name) + ", not " +
                        sanitized(model_.name);
  std::lock_guard lock(mutex_);
  if (--active_workers_ == 0) throw Error(ErrorCode::kModelMismatch, message);
  logger_.error(message + ": no pictures are sent to it");
  return false;
}

// Returns the pictures for one goal; empty when none are left. Pictures of a lost goal are sent one per goal, so that a
// picture that crashes its server is identified and does not affect the others.
std::vector<RemoteRun::Work> RemoteRun::take() {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (failed_) return {};
    if (!requeued_.empty()) {
      std::vector<Work> work{std::move(requeued_.front())};
      requeued_.pop_front();
      ++busy_workers_;
      return work;
    }
    if (!exhausted_) {
      ++busy_workers_;
      lock.unlock();
      std::vector<Work> work = fetch();
      if (!work.empty()) return work;
      release(true);
      lock.lock();
      continue;
    }
    if (busy_workers_ == 0) return {};
    changed_.wait(lock);
  }
}

std::vector<RemoteRun::Work> RemoteRun::fetch() {
  std::vector<Work> work;
  while (work.size() < options_.goal_size) {
    std::optional<ImageInput> input = next_();
    if (!input) {
      std::lock_guard lock(mutex_);
      exhausted_ = true;
      break;
    }
    if (input->picture) {
      done_({input->id, Error(ErrorCode::kUnsupported, input->path + ": an encoder node takes picture files only")});
      continue;
    }
    work.push_back({input->id, std::move(input->path), 0});
  }
  return work;
}

// Waits until the server is no longer available, up to kDisconnectTimeout. If another server replaces it at once, that
// one cannot be distinguished from it.
void RemoteRun::wait_until_disconnected(FeatureClient& client) {
  std::unique_lock lock(mutex_);
  const auto end = Clock::now() + kDisconnectTimeout;
  while (client.ready() && !failed_ && !stop_.stop_requested() && Clock::now() < end) {
    changed_.wait_for(lock, kPollInterval);
  }
}

void RemoteRun::release(bool available) {
  std::lock_guard lock(mutex_);
  --busy_workers_;
  if (available) last_available_ = Clock::now();
  changed_.notify_all();
}

// Sends one goal. Returns false when the goal was lost, after which another server may answer.
bool RemoteRun::encode(FeatureClient& client, std::vector<Work> work) {
  GetFeatures::Goal goal{true, {}, {}};
  Unanswered unanswered;
  for (Work& one : work) {
    goal.urls.push_back(one.path);
    std::string path = one.path;
    unanswered.emplace(std::move(path), std::move(one));
  }
  std::string reason = client.action() + " sent no result for it";
  bool lost = false;
  bool rejected = false;
  try {
    client.get_features(
        goal, [&](ClipItem item) { answer(unanswered, std::move(item)); }, stop_);
  } catch (const Error& error) {
    // The server's parameters have shown that it accepts this type of goal: one that rejects it is about to stop.
    rejected = error.code() == ErrorCode::kUnsupported;
    if (!rejected && error.code() != ErrorCode::kUnavailable && error.code() != ErrorCode::kInternal) throw;
    logger_.warn(error.what());
    reason = error.what();
    lost = true;
    if (rejected) wait_until_disconnected(client);
  }
  requeue(std::move(unanswered), reason, !rejected);
  release(!rejected);
  if (rejected) require_available();
  return !lost;
}

void RemoteRun::answer(Unanswered& unanswered, ClipItem item) {
  auto found = unanswered.find(item.url);
  if (found == unanswered.end()) return;  // a duplicate, or not part of the request
  check_model(item, model_);
  std::size_t id = found->second.id;
  unanswered.erase(found);
  if (std::optional<Error> error = item_error(item)) {
    done_({id, *error});
  } else {
    done_({id, EncodedImage{to_embedding(std::move(item.feature)), find_size(item, kWidthKey),
                            find_size(item, kHeightKey)}});
  }
}

// `count_loss` is false for a rejected goal, because its pictures did not cause the rejection.
void RemoteRun::requeue(Unanswered unanswered, const std::string& reason, bool count_loss) {
  for (auto& [path, work] : unanswered) {
    if (count_loss && ++work.lost_goals >= kMaxLostGoals) {
      done_({work.id, Error(ErrorCode::kUnavailable, path + ": no encoder node could encode it: " + reason)});
      continue;
    }
    std::lock_guard lock(mutex_);
    requeued_.push_back(std::move(work));
    changed_.notify_all();
  }
}

}  // namespace clipseek::nodes
