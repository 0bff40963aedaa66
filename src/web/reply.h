// What the API's responses have in common. Internal to web/.
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

// Whether the client has what `tag` (without quotes) names.
bool has_tag(const http::Request& request, const std::string& tag);

// The response that `make` gives, with ETag and Cache-Control; or 304 where the client has it already.
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

// A parameter of the query as a whole number. Throws Error kInvalidArgument, naming it, when it is none or out of
// range.
std::int64_t integer_parameter(const http::Parameters& parameters, std::string_view name, std::int64_t otherwise,
                               std::int64_t least, std::int64_t most);

// The body as a JSON object. Throws StatusError.
base::Json json_body(const http::Request& request);

// id, path, name, width, height, size, modified_ms.
base::Json::Object item_json(const SearchHit& item);

std::string file_name_of(std::string_view path);
std::int64_t now_ms();  // since 1970

}  // namespace clipseek::web
