// Requests to the hub: the list of a repository's files, and their bytes (docs/models.md, "What the hub answers").
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "clipseek/error.h"
#include "hub/http_client.h"
#include "hub/hub_settings.h"
#include "hub/repository.h"

namespace clipseek::hub {

// Callbacks of a long job, called on the thread that runs it. Each may be empty.
struct HubObserver {
  std::function<void(const std::string& message)> note;  // reports waits and further tries to a person
  std::function<bool()> stop;                            // true ends the job with Error kCancelled
};

// The Error kUnavailable where the hub could not be reached, in contrast to a hub that answers with an error.
class Unreachable : public Error {
 public:
  explicit Unreachable(const std::string& message) : Error(ErrorCode::kUnavailable, message) {}
};

// Runs one call at a time. Every call throws Error: kUnavailable (Unreachable where the hub never answered) after some
// tries; kNotFound and kUnreadable for a repository, revision or file that does not exist or that the token may not
// read; kCancelled.
class HubClient {
 public:
  HubClient(const HubSettings& settings, const HubObserver& observer);

  // Also throws the Errors of parse_repository().
  Repository repository(const ModelReference& reference);

  // Downloads into the file `partial` (created where it is missing) until it has file.size bytes. Continues at its end
  // where the hub supports that. `progress` is called with the file's size so far, which may decrease. The bytes that
  // have arrived stay in the file also after an error. Also throws Error kStorage for a full disk, kCorrupt where the
  // hub sends another length.
  void download(const std::string& repository, const std::string& commit, const RemoteFile& file,
                const std::string& partial, const std::function<void(std::uint64_t)>& progress);

 private:
  HttpResponse get(const std::string& url, std::uint64_t from, const HttpClient::Receiver& receiver);
  void wait(double seconds) const;

  const HubSettings& settings_;
  const HubObserver& observer_;
  HttpClient http_;
};

}  // namespace clipseek::hub
