#include "web/query_encoder.h"

#include "base/hasher.h"
#include "base/parallel.h"
#include "http/message.h"

namespace clipseek::web {
namespace {

constexpr std::size_t kMaxTexts = 4096;
constexpr std::size_t kMaxPictures = 1024;
constexpr std::int64_t kMaxUploadPixels = 64'000'000;
const std::string kTokenPrefix = "upload:";

// Half of a SHA-256: long enough that an attacker cannot craft an upload with the token of another picture.
std::string token_of_content(std::string_view bytes) {
  base::Hasher hasher(base::Hasher::Algorithm::kSha256);
  hasher.add(bytes.data(), bytes.size());
  return kTokenPrefix + hasher.hex().substr(0, 32);
}

http::StatusError unknown_picture(const std::string& message) {
  return {404, "unknown_picture", message};
}

}  // namespace

std::string Uploads::token_of_file(const std::string& name) const {
  auto found = by_file_name.find(name);
  return found != by_file_name.end() ? found->second : "";
}

std::string Uploads::token_of_field(const std::string& name) const {
  auto found = by_field.find(name);
  return found != by_field.end() ? found->second : kTokenPrefix + name;
}

QueryEncoder::QueryEncoder(Encoder& encoder, const catalog::Library& library)
    : encoder_(encoder),
      library_(library),
      text_permits_(base::available_cores()),
      picture_permits_(base::available_cores()),
      texts_(kMaxTexts),
      pictures_(kMaxPictures) {}

Embedding QueryEncoder::encode_text(const std::string& text) {
  if (auto known = texts_.find(text)) return *std::move(known);
  base::Permit permit(text_permits_);
  if (auto known = texts_.find(text)) return *std::move(known);  // another request has encoded it
  Embedding embedding = encoder_.encode_text(text);
  texts_.put(text, embedding);
  return embedding;
}

QueryEncoder::Picture QueryEncoder::encode_picture(std::string_view bytes, const std::string& name) {
  std::string token = token_of_content(bytes);
  if (auto known = pictures_.find(token)) return {**known, token};
  base::Permit permit(picture_permits_);
  if (auto known = pictures_.find(token)) return {**known, token};  // another request has encoded it
  auto begin = reinterpret_cast<const std::byte*>(bytes.data());
  ImageInput input{.path = name, .bytes = {begin, begin + bytes.size()}, .max_pixels = kMaxUploadPixels};
  // With empty bytes the encoder would open the file `name` instead.
  if (bytes.empty()) throw Error(ErrorCode::kCorrupt, name + ": the file is empty");
  auto image = std::make_shared<const EncodedImage>(encoder_.encode_image(std::move(input)));
  pictures_.put(token, image);
  return {*image, token};
}

Embedding QueryEncoder::encode(const std::vector<QueryTerm>& terms, const Uploads& uploads) {
  auto uploaded = [&](const std::string& token, const std::string& name) {
    if (auto known = pictures_.find(token)) return (*known)->embedding;
    throw unknown_picture(name + " is neither a picture of this request nor a recent upload");
  };
  QuerySources sources;
  sources.text = [this](const std::string& text) { return encode_text(text); };
  sources.item = [this](std::int64_t id) {
    if (auto embedding = library_.embedding(id)) return embedding;
    throw unknown_picture("there is no picture item:" + std::to_string(id));
  };
  sources.file = [&](const std::string& name) { return uploaded(uploads.token_of_file(name), name); };
  sources.upload = [&](const std::string& name) { return uploaded(uploads.token_of_field(name), kTokenPrefix + name); };
  return embed_query(terms, sources);
}

}  // namespace clipseek::web
