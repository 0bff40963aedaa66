#include "hub/hub_client.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <thread>

#include "hub/partial_file.h"

namespace clipseek::hub {
namespace {

constexpr int kMaxTries = 5;  // in a row without any progress
constexpr std::size_t kMaxListing = std::size_t{16} << 20;

constexpr int kNoSuchRange = 416;

// Returns whether an incomplete transfer may succeed at another try.
bool is_transient(const HttpResponse& response) {
  static constexpr std::array kBusy = {408, 429, 500, 502, 503, 504, kNoSuchRange};
  if (!response.failure.empty()) return response.transient;
  bool ended_early = response.status / 100 == 2;  // without an error
  return ended_early || std::find(kBusy.begin(), kBusy.end(), response.status) != kBusy.end();
}

// Returns 0.5, 1, 2 or 4 seconds, or the time that the hub requests.
double pause_before(int next_try, const HttpResponse& response) {
  if (response.retry_after) return *response.retry_after;
  return std::ldexp(0.5, next_try - 2);
}

std::string describe(const HttpResponse& response, const std::string& url) {
  if (!response.failure.empty()) return url + ": " + response.failure;
  std::string text = url + " answers " + std::to_string(response.status);
  if (!response.error_code.empty()) text += " (" + response.error_code + ")";
  if (response.retry_after) text += " and asks to wait " + std::to_string(*response.retry_after) + " s";
  return text;
}

// Returns the Error for a response that another try would not change.
Error refusal(const HttpResponse& response, const std::string& url, bool with_token) {
  std::string message = describe(response, url);
  if (response.status == 401 || response.status == 403) {
    return {ErrorCode::kUnreadable, message + ": there is no such repository, or it is private or requires consent; " +
                                        (with_token ? "this token (HF_TOKEN) gives no access to it"
                                                    : "set HF_TOKEN to a token that may read it")};
  }
  if (response.status == 404) return {ErrorCode::kNotFound, message + ": no such repository, revision or file"};
  return {ErrorCode::kUnavailable, message};
}

std::string address(const HubSettings& settings, const ModelReference& reference) {
  return settings.endpoint + "/api/models/" + reference.repository + "/revision/" +
         percent_encoded(reference.revision) + "?blobs=true";
}

// Checks that the headers of a response match the rest of `file` from byte `from` on, or the whole file. Returns the
// offset at which its body begins.
std::uint64_t check_range(const HttpResponse& response, const RemoteFile& file, std::uint64_t from) {
  std::uint64_t start = response.status == 206 ? response.range_start.value_or(from) : 0;
  if (start != 0 && start != from) {
    throw Error(ErrorCode::kCorrupt, file.name + ": the hub sends the file from byte " + std::to_string(start) +
                                         " on instead of from byte " + std::to_string(from) + " on");
  }
  if (response.length && start + *response.length != file.size) {
    throw Error(ErrorCode::kCorrupt, file.name + ": the hub states " + std::to_string(file.size) + " bytes and sends " +
                                         std::to_string(start + *response.length));
  }
  return start;
}

}  // namespace

HubClient::HubClient(const HubSettings& settings, const HubObserver& observer)
    : settings_(settings),
      observer_(observer),
      http_({.stall_seconds = settings.stall_seconds, .stop = observer.stop}) {}

void HubClient::wait(double seconds) const {
  auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  while (std::chrono::steady_clock::now() < end) {
    if (observer_.stop && observer_.stop()) throw Error(ErrorCode::kCancelled, "stopped");
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

HttpResponse HubClient::get(const std::string& url, std::uint64_t from, const HttpClient::Receiver& receiver) {
  return http_.get({.url = url, .token = settings_.token, .from = from}, receiver);
}

Repository HubClient::repository(const ModelReference& reference) {
  static constexpr int kMaxPause = 60;
  std::string url = address(settings_, reference);
  for (int attempt = 1;; ++attempt) {
    std::string text;
    auto keep = [&](std::span<const std::byte> bytes) {
      if (text.size() + bytes.size() > kMaxListing) {
        throw Error(ErrorCode::kLimitExceeded, url + ": the response is too long for a list of files");
      }
      text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    };
    HttpResponse response = get(url, 0, {.begin = nullptr, .bytes = keep});
    if (response.failure.empty() && response.status == 200) return parse_repository(text, url);
    if (!response.connected) throw Unreachable(describe(response, url));
    double pause = pause_before(attempt + 1, response);
    if (!is_transient(response) || attempt == kMaxTries || pause > kMaxPause) {
      throw refusal(response, url, !settings_.token.empty());
    }
    if (observer_.note) observer_.note(describe(response, url) + "; trying again");
    wait(pause);
  }
}

void HubClient::download(const std::string& repository, const std::string& commit, const RemoteFile& file,
                         const std::string& partial, const std::function<void(std::uint64_t)>& progress) {
  static constexpr int kMaxPause = 120;
  std::string url = settings_.endpoint + "/" + repository + "/resolve/" + commit + "/" + percent_encoded(file.name);
  PartialFile target(partial);
  if (target.size() > file.size) target.truncate(0);
  int tries = 0;
  while (target.size() < file.size) {
    std::uint64_t from = target.size();
    auto begin = [&](const HttpResponse& response) { target.truncate(check_range(response, file, from)); };
    auto bytes = [&](std::span<const std::byte> chunk) {
      if (chunk.size() > file.size - target.size()) {
        throw Error(ErrorCode::kCorrupt,
                    file.name + ": the hub sends more than the " + std::to_string(file.size) + " bytes that it states");
      }
      target.append(chunk);
      if (progress) progress(target.size());
    };
    HttpResponse response = get(url, from, {.begin = begin, .bytes = bytes});
    if (target.size() == file.size) break;
    if (response.status == kNoSuchRange) target.truncate(0);  // the local bytes cannot be its beginning
    tries = target.size() > from ? 1 : tries + 1;
    double pause = pause_before(tries + 1, response);
    if (!is_transient(response) || tries >= kMaxTries || pause > kMaxPause) {
      throw refusal(response, url, !settings_.token.empty());
    }
    if (observer_.note) observer_.note(describe(response, file.name) + "; trying again");
    wait(pause);
  }
  target.sync();
}

}  // namespace clipseek::hub
