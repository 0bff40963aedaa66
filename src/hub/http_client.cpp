#include "hub/http_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <exception>
#include <string_view>

#include "base/ascii.h"
#include "clipseek/error.h"

namespace clipseek::hub {
namespace {

constexpr std::size_t kMaxHeaderBytes = std::size_t{256} << 10;
constexpr long kMaxRedirects = 5;

void start_curl_once() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (started != CURLE_OK) throw Error(ErrorCode::kInternal, "libcurl cannot be initialised");
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end == text.data()) return std::nullopt;
  return value;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r' || text.back() == '\n')) text.remove_suffix(1);
  return text;
}

void read_header(std::string_view line, HttpResponse& response) {
  std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  std::string_view name = line.substr(0, colon);
  std::string_view value = trimmed(line.substr(colon + 1));
  static constexpr std::string_view kUnit = "bytes ";
  if (base::equal_ignoring_case(name, "content-length")) response.length = number(value);
  if (base::equal_ignoring_case(name, "content-range") && value.starts_with(kUnit)) {
    response.range_start = number(value.substr(kUnit.size()));
  }
  if (base::equal_ignoring_case(name, "retry-after")) {
    // The form with a date is rare; then the client chooses the pause itself.
    if (auto seconds = number(value))
      response.retry_after = static_cast<int>(std::min<std::uint64_t>(*seconds, 86'400));
  }
  if (base::equal_ignoring_case(name, "x-error-code")) response.error_code = value.substr(0, 64);
}

bool is_transient(CURLcode code) {
  static constexpr std::array kCodes = {CURLE_PARTIAL_FILE, CURLE_OPERATION_TIMEDOUT, CURLE_GOT_NOTHING,
                                        CURLE_SEND_ERROR,   CURLE_RECV_ERROR,         CURLE_HTTP2,
                                        CURLE_HTTP2_STREAM, CURLE_COULDNT_CONNECT,    CURLE_COULDNT_RESOLVE_HOST};
  return std::find(kCodes.begin(), kCodes.end(), code) != kCodes.end();
}

}  // namespace

struct HttpClient::Impl {
  Options options;
  std::unique_ptr<CURL, void (*)(CURL*)> curl{nullptr, curl_easy_cleanup};

  // The state of the running transfer.
  const Receiver* receiver = nullptr;
  HttpResponse response;
  std::size_t header_bytes = 0;
  bool body_began = false;
  std::exception_ptr thrown;
  std::array<char, CURL_ERROR_SIZE> message{};

  // A C callback must not throw: an exception of `work` is stored, and the result false ends the transfer.
  template <typename Work>
  bool guarded(Work&& work) {
    try {
      work();
      return true;
    } catch (...) {
      thrown = std::current_exception();
      return false;
    }
  }

  void header(std::string_view line) {
    header_bytes += line.size();
    if (header_bytes > kMaxHeaderBytes)
      throw Error(ErrorCode::kLimitExceeded, "the headers of the hub's response are too long");
    if (line.starts_with("HTTP/")) {  // the headers of a redirect's target replace those of the redirect
      response = HttpResponse{};
      std::size_t space = line.find(' ');
      if (space != std::string_view::npos)
        response.status = static_cast<int>(number(line.substr(space + 1)).value_or(0));
      return;
    }
    read_header(line, response);
  }

  void body(std::span<const std::byte> bytes) {
    if (response.status < 200 || response.status > 299) return;  // an error page
    if (!body_began && receiver->begin) receiver->begin(response);
    body_began = true;
    if (receiver->bytes) receiver->bytes(bytes);
  }

  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self) {
    auto* impl = static_cast<Impl*>(self);
    return impl->guarded([&] { impl->header({data, size * count}); }) ? size * count : 0;
  }
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self) {
    auto* impl = static_cast<Impl*>(self);
    return impl->guarded([&] { impl->body(std::as_bytes(std::span(data, size * count))); }) ? size * count : 0;
  }
  static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    auto* impl = static_cast<Impl*>(self);
    bool stop = false;
    bool called = impl->guarded([&] { stop = impl->options.stop && impl->options.stop(); });
    return called && !stop ? 0 : 1;
  }

  template <typename Value>
  void set(CURLoption option, Value value) {
    if (curl_easy_setopt(curl.get(), option, value) != CURLE_OK) {
      throw Error(ErrorCode::kInternal, "libcurl refuses option " + std::to_string(static_cast<int>(option)));
    }
  }
  void set_up(const HttpRequest& request);
};

void HttpClient::Impl::set_up(const HttpRequest& request) {
  bool https = request.url.starts_with("https://");
  set(CURLOPT_URL, request.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_REDIR_PROTOCOLS_STR, https ? "https" : "http,https");
  set(CURLOPT_FOLLOWLOCATION, 1L);
  set(CURLOPT_MAXREDIRS, kMaxRedirects);
  set(CURLOPT_USERAGENT, "clipseek");
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(options.connect_seconds));
  set(CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(options.stall_seconds));
  set(CURLOPT_BUFFERSIZE, 512L * 1024);
  set(CURLOPT_ERRORBUFFER, message.data());
  set(CURLOPT_HEADERFUNCTION, &Impl::on_header);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, &Impl::on_body);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, &Impl::on_progress);
  set(CURLOPT_XFERINFODATA, this);
  if (request.from > 0) set(CURLOPT_RANGE, (std::to_string(request.from) + "-").c_str());
  if (!request.token.empty()) {
    // libcurl sends its bearer token only to the host, port and protocol of the URL.
    set(CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
    set(CURLOPT_XOAUTH2_BEARER, request.token.c_str());
  }
}

HttpClient::HttpClient(Options options) : impl_(std::make_unique<Impl>()) {
  start_curl_once();
  impl_->options = std::move(options);
  impl_->curl.reset(curl_easy_init());
  if (impl_->curl == nullptr) throw Error(ErrorCode::kInternal, "libcurl cannot create a handle");
}

HttpClient::~HttpClient() = default;

HttpResponse HttpClient::get(const HttpRequest& request, const Receiver& receiver) {
  Impl& impl = *impl_;
  impl.receiver = &receiver;
  impl.response = HttpResponse{};
  impl.header_bytes = 0;
  impl.body_began = false;
  impl.thrown = nullptr;
  impl.message.fill('\0');
  curl_easy_reset(impl.curl.get());
  impl.set_up(request);
  // The checksums are those of the uncompressed bytes. The list is created here and not in set_up() because it must
  // outlive the transfer.
  std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers(curl_slist_append(nullptr, "Accept-Encoding: identity"),
                                                             curl_slist_free_all);
  impl.set(CURLOPT_HTTPHEADER, headers.get());
  CURLcode code = curl_easy_perform(impl.curl.get());
  if (impl.thrown) std::rethrow_exception(impl.thrown);
  if (code == CURLE_ABORTED_BY_CALLBACK) throw Error(ErrorCode::kCancelled, "stopped");
  curl_off_t connected = 0;  // microseconds until a request could be sent, TLS included
  curl_easy_getinfo(impl.curl.get(), CURLINFO_PRETRANSFER_TIME_T, &connected);
  impl.response.connected = connected > 0;
  if (code != CURLE_OK) {
    impl.response.failure = impl.message[0] != '\0' ? impl.message.data() : curl_easy_strerror(code);
    impl.response.transient = is_transient(code);
  } else if (!impl.body_began && impl.response.status / 100 == 2 && receiver.begin) {
    receiver.begin(impl.response);  // an empty file has no body
  }
  return impl.response;
}

std::string percent_encoded(const std::string& text) {
  static constexpr const char* kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (char c : text) {
    bool plain = base::is_ascii_alphanumeric(c) || std::string_view("-_.~").find(c) != std::string_view::npos;
    auto byte = static_cast<unsigned char>(c);
    if (plain) {
      encoded += c;
    } else {
      encoded += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return encoded;
}

}  // namespace clipseek::hub
