#include "hub/hub_client.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <thread>

#include "hub/partial_file.h"

namespace clipseek::hub {
namespace {

constexpr int kMaxTries = 5;  // without a byte of progress between them
constexpr std::size_t kMaxListing = std::size_t{16} << 20;

constexpr int kNoSuchRange = 416;

// Whether a transfer that did not bring all is worth another try.
bool may_pass(const HttpAnswer& answer) {
  static constexpr std::array kBusy = {408, 429, 500, 502, 503, 504, kNoSuchRange};
  if (!answer.failure.empty()) return answer.broken;
  bool ended_early = answer.status / 100 == 2;  // without saying so
  return ended_early || std::find(kBusy.begin(), kBusy.end(), answer.status) != kBusy.end();
}

// 0.5, 1, 2, 4 seconds, or what the hub asks for.
double pause_before(int next_try, const HttpAnswer& answer) {
  if (answer.retry_after) return *answer.retry_after;
  return std::ldexp(0.5, next_try - 2);
}

std::string told(const HttpAnswer& answer, const std::string& url) {
  if (!answer.failure.empty()) return url + ": " + answer.failure;
  std::string text = url + " answers " + std::to_string(answer.status);
  if (!answer.error_code.empty()) text += " (" + answer.error_code + ")";
  if (answer.retry_after) text += " and asks to wait " + std::to_string(*answer.retry_after) + " s";
  return text;
}

// The Error for an answer that no further try would better.
Error refusal(const HttpAnswer& answer, const std::string& url, bool with_token) {
  std::string message = told(answer, url);
  if (answer.status == 401 || answer.status == 403) {
    return {ErrorCode::kUnreadable,
            message + ": there is no such repository, or it is private or asks for consent; " +
                (with_token ? "this token (HF_TOKEN) does not open it" : "set HF_TOKEN to a token that may read it")};
  }
  if (answer.status == 404) return {ErrorCode::kNotFound, message + ": no such repository, revision or file"};
  return {ErrorCode::kUnavailable, message};
}

std::string address(const HubSettings& settings, const ModelReference& reference) {
  return settings.endpoint + "/api/models/" + reference.repository + "/revision/" +
         percent_encoded(reference.revision) + "?blobs=true";
}

// What an answer with a body promises about `file` from byte `from` on. Returns the byte that it begins at.
std::uint64_t check_promise(const HttpAnswer& answer, const RemoteFile& file, std::uint64_t from) {
  std::uint64_t start = answer.status == 206 ? answer.range_start.value_or(from) : 0;
  if (start != 0 && start != from) {
    throw Error(ErrorCode::kCorrupt, file.name + ": the hub sends byte " + std::to_string(start) +
                                         " on instead of byte " + std::to_string(from) + " on");
  }
  if (answer.length && start + *answer.length != file.size) {
    throw Error(ErrorCode::kCorrupt, file.name + ": the hub states " + std::to_string(file.size) + " bytes and sends " +
                                         std::to_string(start + *answer.length));
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

HttpAnswer HubClient::get(const std::string& url, std::uint64_t from, const HttpClient::Receiver& receiver) {
  return http_.get({.url = url, .token = settings_.token, .from = from}, receiver);
}

Repository HubClient::repository(const ModelReference& reference) {
  static constexpr int kLongestPause = 60;
  std::string url = address(settings_, reference);
  for (int attempt = 1;; ++attempt) {
    std::string text;
    auto keep = [&](std::span<const std::byte> bytes) {
      if (text.size() + bytes.size() > kMaxListing) {
        throw Error(ErrorCode::kLimitExceeded, url + ": the answer is too long for a list of files");
      }
      text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    };
    HttpAnswer answer = get(url, 0, {.begin = nullptr, .bytes = keep});
    if (answer.failure.empty() && answer.status == 200) return parse_repository(text, url);
    if (!answer.reached) throw Unreachable(told(answer, url));
    double pause = pause_before(attempt + 1, answer);
    if (!may_pass(answer) || attempt == kMaxTries || pause > kLongestPause) {
      throw refusal(answer, url, !settings_.token.empty());
    }
    if (observer_.note) observer_.note(told(answer, url) + "; trying again");
    wait(pause);
  }
}

void HubClient::download(const std::string& repository, const std::string& commit, const RemoteFile& file,
                         const std::string& partial, const std::function<void(std::uint64_t)>& progress) {
  static constexpr int kLongestPause = 120;
  std::string url = settings_.endpoint + "/" + repository + "/resolve/" + commit + "/" + percent_encoded(file.name);
  PartialFile target(partial);
  if (target.size() > file.size) target.cut(0);
  int tries = 0;
  while (target.size() < file.size) {
    std::uint64_t from = target.size();
    auto begin = [&](const HttpAnswer& answer) { target.cut(check_promise(answer, file, from)); };
    auto bytes = [&](std::span<const std::byte> chunk) {
      if (chunk.size() > file.size - target.size()) {
        throw Error(ErrorCode::kCorrupt,
                    file.name + ": the hub sends more than the " + std::to_string(file.size) + " bytes that it states");
      }
      target.append(chunk);
      if (progress) progress(target.size());
    };
    HttpAnswer answer = get(url, from, {.begin = begin, .bytes = bytes});
    if (target.size() == file.size) break;
    if (answer.status == kNoSuchRange) target.cut(0);  // what is here cannot be its beginning
    tries = target.size() > from ? 1 : tries + 1;
    double pause = pause_before(tries + 1, answer);
    if (!may_pass(answer) || tries >= kMaxTries || pause > kLongestPause) {
      throw refusal(answer, url, !settings_.token.empty());
    }
    if (observer_.note) observer_.note(told(answer, file.name) + "; trying again");
    wait(pause);
  }
  target.sync();
}

}  // namespace clipseek::hub
