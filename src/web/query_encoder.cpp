#include "web/query_encoder.h"

#include "base/hasher.h"
#include "base/parallel.h"
#include "http/message.h"

namespace clipseek::web {
namespace {

constexpr std::size_t kMaxTexts = 4096;
constexpr std::size_t kMaxPictures = 1024;
constexpr std::int64_t kMaxUploadPixels = 64'000'000;
constexpr std::string_view kTokenPrefix = "upload:";

// Half of a SHA-256: long enough that an attacker cannot craft an upload with the token of another picture.
std::string token_of(std::string_view bytes) {
  base::Hasher hasher(base::Hasher::Algorithm::kSha256);
  hasher.add(bytes.data(), bytes.size());
  return std::string(kTokenPrefix) + hasher.hex().substr(0, 32);
}

std::string name_of(const QueryTerm& term) {
  return term.kind == QueryTerm::Kind::kUpload ? std::string(kTokenPrefix) + term.value : term.value;
}

}  // namespace

QueryEncoder::QueryEncoder(Encoder& encoder, const catalog::Library& library)
    : encoder_(encoder),
      library_(library),
      text_places_(base::available_cores()),
      picture_places_(base::available_cores()),
      texts_(kMaxTexts),
      pictures_(kMaxPictures) {}

Embedding QueryEncoder::encode_text(const std::string& text) {
  if (auto known = texts_.find(text)) return *std::move(known);
  Slot slot(text_places_);
  if (auto known = texts_.find(text)) return *std::move(known);  // another thread encoded it meanwhile
  Embedding embedding = encoder_.encode_text(text);
  texts_.put(text, embedding);
  return embedding;
}

QueryEncoder::Picture QueryEncoder::encode_picture(std::string_view bytes, const std::string& name) {
  std::string token = token_of(bytes);
  if (auto known = pictures_.find(token)) return {**known, token};
  Slot slot(picture_places_);
  if (auto known = pictures_.find(token)) return {**known, token};  // another thread encoded it meanwhile
  auto begin = reinterpret_cast<const std::byte*>(bytes.data());
  ImageInput input{.path = name, .bytes = {begin, begin + bytes.size()}, .max_pixels = kMaxUploadPixels};
  // With empty bytes the encoder would open the file `name` instead.
  if (bytes.empty()) throw Error(ErrorCode::kCorrupt, name + ": the file is empty");
  auto image = std::make_shared<const EncodedImage>(encoder_.encode_image(std::move(input)));
  pictures_.put(token, image);
  return {*image, token};
}

Embedding QueryEncoder::encode(const std::vector<QueryTerm>& terms, const FindUpload& find_upload) {
  std::vector<QueryPart> parts;
  for (const QueryTerm& term : terms) parts.push_back({term.weight, encode_term(term, find_upload)});
  return mix(parts);
}

Embedding QueryEncoder::encode_term(const QueryTerm& term, const FindUpload& find_upload) {
  if (term.kind == QueryTerm::Kind::kText) return encode_text(term.value);
  if (term.kind == QueryTerm::Kind::kItem) {
    if (auto embedding = library_.embedding(term.item)) return *std::move(embedding);
    throw http::StatusError(404, "unknown_picture", "there is no picture item:" + std::to_string(term.item));
  }
  std::string token = find_upload(term);
  if (auto known = pictures_.find(token)) return (*known)->embedding;
  throw http::StatusError(404, "unknown_picture",
                          name_of(term) + " is neither a picture of this request nor a recent upload");
}

}  // namespace clipseek::web
