// Asking the hub: what a repository holds, and the bytes of its files (docs/models.md, "What the hub answers").
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "clipseek/error.h"
#include "hub/http_client.h"
#include "hub/hub_settings.h"
#include "hub/repository.h"

namespace clipseek::hub {

// What a long job tells its caller. Called on the thread that runs the job; each may be empty.
struct HubObserver {
  std::function<void(const std::string& message)> note;  // waits and second tries, for a person
  std::function<bool()> stop;                            // true ends the job with Error kCancelled
};

// The kUnavailable that means "no network", told apart from a hub that is there and fails.
class Unreachable : public Error {
 public:
  explicit Unreachable(const std::string& message) : Error(ErrorCode::kUnavailable, message) {}
};

// One at a time. Errors of every call: kUnavailable (Unreachable where the hub never answered) after some tries;
// kNotFound and kUnreadable for a repository, revision or file that is not there or not for this token; kCancelled.
class HubClient {
 public:
  HubClient(const HubSettings& settings, const HubObserver& observer);

  // Also throws what parse_repository() does.
  Repository repository(const ModelReference& reference);

  // Appends to the file `partial` (made where it is missing) until it has file.size bytes: from where it ends, where
  // the hub agrees. `progress` is called with the file's size so far; it may become smaller. What has arrived stays in
  // the file whatever happens. Also throws Error kStorage for a full disk, kCorrupt where the hub sends another length.
  void download(const std::string& repository, const std::string& commit, const RemoteFile& file,
                const std::string& partial, const std::function<void(std::uint64_t)>& progress);

 private:
  HttpAnswer get(const std::string& url, std::uint64_t from, const HttpClient::Receiver& receiver);
  void wait(double seconds) const;

  const HubSettings& settings_;
  const HubObserver& observer_;
  HttpClient http_;
};

}  // namespace clipseek::hub
