#include "nodes/manage/remote_run.h"

#include <cmath>
#include <utility>

#include "base/parallel.h"
#include "nodes/shared/item_extra.h"
#include "nodes/shared/shown_text.h"

namespace clipseek::nodes {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kLanes = 2;  // goals at a time for each server
constexpr int kMaxLosses = 3;
constexpr std::chrono::milliseconds kStep{50};
constexpr std::chrono::seconds kReminder{5};
constexpr std::chrono::seconds kLeaving{2};

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
  throw Error(ErrorCode::kModelMismatch, "an encoder's model is no longer " + model.name +
                                             ": restart it with that one, or begin again with the new one");
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
      lanes_(clients.size() * kLanes),
      last_ready_(Clock::now()),
      last_reminder_(last_ready_) {}

void RemoteRun::run() {
  base::run_workers(static_cast<int>(lanes_), [this](int lane) {
    try {
      work_lane(*clients_[static_cast<std::size_t>(lane / kLanes)]);
    } catch (...) {
      std::lock_guard lock(mutex_);
      failed_ = true;
      changed_.notify_all();
      throw;
    }
  });
}

void RemoteRun::work_lane(FeatureClient& client) {
  bool asked = false;
  while (wait_ready(client)) {
    if (!asked) {
      std::optional<bool> ours = has_our_model(client);
      std::lock_guard lock(mutex_);
      if (!ours) {  // it has gone again, or is there and never answers
        if (busy_ == 0 && Clock::now() - last_ready_ > options_.timeout) throw unavailable();
        continue;
      }
      if (!*ours) return;
      last_ready_ = Clock::now();
    }
    std::vector<Work> work = take();
    if (work.empty()) return;
    asked = encode(client, std::move(work));  // after a loss another server may have come in its place
  }
}

Error RemoteRun::unavailable() const {
  return {ErrorCode::kUnavailable,
          "no encoder node has been at work for " + std::to_string(options_.timeout.count() / 1000) + " s"};
}

// False when there is nothing left to do.
bool RemoteRun::wait_ready(FeatureClient& client) {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (failed_ || (exhausted_ && returned_.empty() && busy_ == 0)) return false;
    if (stop_.stop_requested()) throw Error(ErrorCode::kCancelled, "stopped while waiting for encoder nodes");
    auto now = Clock::now();
    if (client.ready()) return true;
    if (busy_ > 0) last_ready_ = now;  // another server is at work
    if (now - last_ready_ > options_.timeout) {
      throw unavailable();
    }
    if (now - last_ready_ > kReminder && now - last_reminder_ > kReminder) {
      last_reminder_ = now;
      logger_.warn("Waiting for the server of the action " + client.action());
    }
    changed_.wait_for(lock, kStep);
  }
}

// Nothing when the server does not say.
std::optional<bool> RemoteRun::has_our_model(FeatureClient& client) {
  EncoderInfo theirs;
  try {
    theirs = client.model(stop_);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kUnavailable) throw;
    logger_.warn(error.what());
    return std::nullopt;
  }
  if (theirs.fingerprint == model_.fingerprint) return true;
  std::string message =
      "the encoder of " + client.action() + " runs the model " + shown(theirs.name) + ", not " + shown(model_.name);
  std::lock_guard lock(mutex_);
  if (--lanes_ == 0) throw Error(ErrorCode::kModelMismatch, message);
  logger_.error(message + ": it gets no pictures");
  return false;
}

// Work for one goal; empty when there is none left. What comes back from a lost goal goes out one by one, so that a
// picture that ends its server is found and takes no other with it.
std::vector<RemoteRun::Work> RemoteRun::take() {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (failed_) return {};
    if (!returned_.empty()) {
      std::vector<Work> work{std::move(returned_.front())};
      returned_.pop_front();
      ++busy_;
      return work;
    }
    if (!exhausted_) {
      ++busy_;
      lock.unlock();
      std::vector<Work> work = fetch();
      if (!work.empty()) return work;
      release();
      lock.lock();
      continue;
    }
    if (busy_ == 0) return {};
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
    work.push_back({input->id, std::move(input->path), 0});
  }
  return work;
}

// Until the server has gone, for a while; one that comes at once in its place is not told from it.
void RemoteRun::wait_gone(FeatureClient& client) {
  std::unique_lock lock(mutex_);
  const auto end = Clock::now() + kLeaving;
  while (client.ready() && !failed_ && !stop_.stop_requested() && Clock::now() < end) {
    changed_.wait_for(lock, kStep);
  }
}

void RemoteRun::release() {
  std::lock_guard lock(mutex_);
  --busy_;
  last_ready_ = Clock::now();
  changed_.notify_all();
}

// False when the server may be another one from now on.
bool RemoteRun::encode(FeatureClient& client, std::vector<Work> work) {
  GetFeatures::Goal goal{true, {}, {}};
  Open open;
  for (Work& one : work) {
    goal.urls.push_back(one.path);
    std::string path = one.path;
    open.emplace(std::move(path), std::move(one));
  }
  std::string reason = client.action() + " left it out";
  bool lost = false;
  try {
    client.get_features(
        goal, [&](ClipItem item) { answer(open, std::move(item)); }, stop_);
  } catch (const Error& error) {
    // Its parameters said that it is of the right kind: a server that rejects goals is about to stop.
    const bool rejected = error.code() == ErrorCode::kUnsupported;
    if (!rejected && error.code() != ErrorCode::kUnavailable && error.code() != ErrorCode::kInternal) throw;
    logger_.warn(error.what());
    reason = error.what();
    lost = true;
    if (rejected) wait_gone(client);
  }
  give_back(std::move(open), reason);
  release();
  return !lost;
}

void RemoteRun::answer(Open& open, ClipItem item) {
  auto found = open.find(item.url);
  if (found == open.end()) return;  // given already, or never asked for
  check_model(item, model_);
  std::size_t id = found->second.id;
  open.erase(found);
  if (std::optional<Error> error = item_error(item)) {
    done_({id, *error});
  } else {
    done_({id, EncodedImage{to_embedding(std::move(item.feature)), find_size(item, kWidthKey),
                            find_size(item, kHeightKey)}});
  }
}

void RemoteRun::give_back(Open open, const std::string& reason) {
  for (auto& [path, work] : open) {
    if (++work.losses >= kMaxLosses) {
      done_({work.id, Error(ErrorCode::kUnavailable, path + ": no encoder node could do it: " + reason)});
      continue;
    }
    std::lock_guard lock(mutex_);
    returned_.push_back(std::move(work));
    changed_.notify_all();
  }
}

}  // namespace clipseek::nodes
