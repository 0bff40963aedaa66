// POST /api/encode: docs/http-api.md, "Vectors".
#include "http/multipart.h"
#include "web/reply.h"
#include "web/services.h"

namespace clipseek::web {
namespace {

http::Response vector_response(const Services& services, base::Json::Object json, const Embedding& feature) {
  const EncoderInfo& model = services.encoder.info();
  json.emplace_back("model", model.name);
  json.emplace_back("fingerprint", model.fingerprint);
  json.emplace_back("dimension", model.dimension);
  json.emplace_back("feature", base::to_json(feature));
  return json_response(json);
}

http::Response encode_text(Services& services, const http::Request& request) {
  base::Json body = json_body(request);
  const base::Json* text = body.find("text");
  if (text == nullptr || !text->is_string()) throw Error(ErrorCode::kInvalidArgument, "text, a string, is missing");
  const std::string& words = text->as_string("text");
  if (words.size() > kMaxQueryBytes) {
    throw http::StatusError(400, "query_too_long",
                            "the text has more than " + std::to_string(kMaxQueryBytes) + " bytes");
  }
  return vector_response(services, {{"type", "text"}, {"text", words}}, services.queries.encode_text(words));
}

http::Response encode_picture(Services& services, const http::Request& request) {
  const http::FormPart* picture = nullptr;
  std::vector<http::FormPart> parts = http::parse_multipart(request);
  for (const http::FormPart& part : parts) {
    if (!part.is_file) continue;
    if (picture != nullptr) throw Error(ErrorCode::kInvalidArgument, "more than one picture");
    picture = &part;
  }
  if (picture == nullptr) throw Error(ErrorCode::kInvalidArgument, "a picture is missing");
  std::string name = picture->file_name.empty() ? picture->name : picture->file_name;
  EncodedImage image = services.queries.encode_picture(picture->content, name).image;
  return vector_response(services,
                         {{"type", "image"}, {"image", name}, {"width", image.width}, {"height", image.height}},
                         image.embedding);
}

http::Response encode(Services& services, const Call& call) {
  const std::string* type = call.request.header("content-type");
  bool form = type != nullptr && type->starts_with("multipart/");
  return form ? encode_picture(services, call.request) : encode_text(services, call.request);
}

}  // namespace

void add_encode_routes(Router& router, Services& services) {
  router.add({"POST", "/api/encode", Pool::kPictures, kMaxUploadBytes,
              [&](const Call& call) { return encode(services, call); }});
}

}  // namespace clipseek::web
