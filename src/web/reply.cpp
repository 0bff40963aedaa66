#include "web/reply.h"

#include <charconv>

#include "catalog/topic_url.h"

namespace clipseek::web {

http::Response json_response(const base::Json& json, int status) {
  http::Response response;
  response.status = status;
  response.set("Content-Type", "application/json");
  response.set("Cache-Control", "no-store");
  response.body = json.dump() + "\n";
  return response;
}

bool has_tag(const http::Request& request, const std::string& tag) {
  const std::string* wanted = request.header("if-none-match");
  // The header is a list of quoted tags, weak or strong. Our tags contain no quotes.
  return wanted != nullptr && (*wanted == "*" || wanted->find("\"" + tag + "\"") != std::string::npos);
}

std::int64_t integer_parameter(const http::Parameters& parameters, std::string_view name, std::int64_t otherwise,
                               std::int64_t min, std::int64_t max) {
  for (const auto& [key, text] : parameters) {
    if (key != name) continue;
    std::int64_t value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc() && end == text.data() + text.size() && value >= min && value <= max) return value;
    throw Error(ErrorCode::kInvalidArgument,
                std::string(name) + " must be an integer from " + std::to_string(min) + " to " + std::to_string(max));
  }
  return otherwise;
}

base::Json json_body(const http::Request& request) {
  const std::string* type = request.header("content-type");
  if (type == nullptr || !type->starts_with("application/json")) {
    throw http::StatusError(415, "unsupported", "the body must have the type application/json");
  }
  try {
    base::Json json = base::Json::parse(request.body, "the body");
    if (json.is_object()) return json;
  } catch (const Error& error) {
    throw http::StatusError(400, "bad_request", error.what());
  }
  throw http::StatusError(400, "bad_request", "the body is not a JSON object");
}

base::Json::Object item_json(const SearchHit& item) {
  base::Json::Object json{
      {"id", item.id},         {"path", item.path}, {"name", file_name_of(item.path)}, {"width", item.width},
      {"height", item.height}, {"size", item.size}, {"modified_ms", item.modified_ms}};
  if (std::string topic = catalog::topic_of(item.path); !topic.empty()) json.emplace_back("topic", topic);
  return json;
}

std::string file_name_of(std::string_view path) {
  return std::string(path.substr(path.rfind('/') + 1));
}

}  // namespace clipseek::web
