// Helpers for the API's responses. Internal to web/.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "clipseek/catalog.h"
#include "http/message.h"

namespace clipseek::web {

http::Response json_response(const base::Json& json, int status = 200);

// Returns whether the client's If-None-Match contains `tag` (without quotes).
bool has_tag(const http::Request& request, const std::string& tag);

// Returns the response of `make` with ETag and Cache-Control, or 304 where the client already has it.
template <typename Make>
http::Response with_tag(const http::Request& request, const std::string& tag, std::string_view cache, Make make) {
  http::Response response;
  if (has_tag(request, tag)) {
    response.status = 304;
  } else {
    response = make();
  }
  response.set("ETag", "\"" + tag + "\"");
  response.set("Cache-Control", std::string(cache));
  return response;
}

// Returns the URL parameter `name`, or `otherwise` where it is missing. Throws Error kInvalidArgument that names the
// parameter when it is not an integer from `min` to `max`.
std::int64_t integer_parameter(const http::Parameters& parameters, std::string_view name, std::int64_t otherwise,
                               std::int64_t min, std::int64_t max);

// Parses the body as a JSON object. Throws StatusError 415 or 400.
base::Json json_body(const http::Request& request);

// id, path, name, width, height, size, modified_ms; for a picture of a topic also the topic.
base::Json::Object item_json(const SearchHit& item);

std::string file_name_of(std::string_view path);

}  // namespace clipseek::web
