#include "http/message.h"

#include <algorithm>
#include <exception>
#include <new>

#include "base/json.h"
#include "base/log.h"

namespace clipseek::http {
namespace {

bool same_name(std::string_view a, std::string_view b) {
  auto lower = [](char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

const std::string* Request::header(std::string_view name) const {
  for (const Header& header : headers) {
    if (header.name == name) return &header.value;
  }
  return nullptr;
}

const std::string* Request::parameter(std::string_view name) const {
  for (const auto& [key, value] : parameters) {
    if (key == name) return &value;
  }
  return nullptr;
}

void Response::set(std::string_view name, std::string value) {
  for (Header& header : headers) {
    if (!same_name(header.name, name)) continue;
    header.value = std::move(value);
    return;
  }
  headers.push_back({std::string(name), std::move(value)});
}

std::string_view reason_phrase(int status) {
  static constexpr std::pair<int, std::string_view> kPhrases[] = {
      {100, "Continue"},
      {200, "OK"},
      {202, "Accepted"},
      {204, "No Content"},
      {303, "See Other"},
      {304, "Not Modified"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {408, "Request Timeout"},
      {409, "Conflict"},
      {411, "Length Required"},
      {413, "Content Too Large"},
      {414, "URI Too Long"},
      {415, "Unsupported Media Type"},
      {417, "Expectation Failed"},
      {421, "Misdirected Request"},
      {422, "Unprocessable Content"},
      {431, "Request Header Fields Too Large"},
      {500, "Internal Server Error"},
      {501, "Not Implemented"},
      {503, "Service Unavailable"},
      {505, "HTTP Version Not Supported"},
  };
  for (const auto& [number, phrase] : kPhrases) {
    if (number == status) return phrase;
  }
  return "Unknown";
}

Response error_response(int status, std::string_view code, std::string_view message) {
  Response response;
  response.status = status;
  response.set("Content-Type", "application/json");
  response.set("Cache-Control", "no-store");
  if (status == 401) response.set("WWW-Authenticate", "Bearer");
  if (status == 503) response.set("Retry-After", "2");
  response.body =
      base::Json(base::Json::Object{{"error", base::Json::Object{{"code", code}, {"message", message}}}}).dump() + "\n";
  return response;
}

Response response_of_current_exception() {
  try {
    throw;
  } catch (const StatusError& error) {
    return error_response(error.status(), error.name(), error.what());
  } catch (const Error& error) {
    const ErrorInfo& info = error_info(error.code());
    return error_response(info.http_status, info.name, error.what());
  } catch (const std::bad_alloc&) {
    return error_response(503, "busy", "not enough memory for this request now");
  } catch (const std::exception& error) {
    base::log_error(std::string("internal error: ") + error.what());
    return error_response(500, "internal", "an internal error; the server's log tells more");
  }
}

}  // namespace clipseek::http
