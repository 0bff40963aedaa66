// /api/items: docs/http-api.md, "Pictures".
#include <array>
#include <optional>

#include "base/ascii.h"
#include "base/json.h"
#include "base/mapped_file.h"
#include "catalog/topic_url.h"
#include "clipseek/picture.h"
#include "web/reply.h"
#include "web/services.h"

namespace clipseek::web {
namespace {

constexpr std::string_view kCache = "private, no-cache";
// Forbids scripts and loads, in case a browser interprets a file as something other than a picture.
constexpr std::string_view kPicturePolicy = "default-src 'none'; sandbox";

SearchHit item_of(const Services& services, std::int64_t id) {
  if (auto item = services.library.find(id)) return *std::move(item);
  throw http::StatusError(404, "not_found", "there is no picture " + std::to_string(id));
}

std::unique_ptr<http::FileBody> open(const SearchHit& item) {
  if (catalog::is_topic_url(item.path)) {
    throw http::StatusError(
        404, "no_file",
        item.path + " is a picture of a topic: there is no file of it, only its thumbnail if one is stored");
  }
  try {
    return std::make_unique<http::FileBody>(item.path);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kNotFound) throw;
    throw http::StatusError(404, "file_gone", item.path + " is in the database, but the file has vanished");
  }
}

PictureFormat format_of(const http::FileBody& file) {
  std::string head = file.head(64);
  return picture_format(std::as_bytes(std::span(head)));
}

std::string_view format_name(PictureFormat format) {
  static constexpr std::array<std::string_view, 9> kNames{"unknown", "jpeg", "png",  "webp", "gif",
                                                          "bmp",     "tiff", "heic", "avif"};
  return kNames.at(static_cast<std::size_t>(format));
}

http::Response list(Services& services, const Call& call) {
  const http::Parameters& parameters = call.request.parameters;
  auto max_offset = static_cast<std::int64_t>(kMaxHits);
  auto offset = static_cast<std::size_t>(integer_parameter(parameters, "offset", 0, 0, max_offset));
  auto limit = static_cast<std::size_t>(integer_parameter(parameters, "limit", 50, 1, 1000));
  if (offset + limit > kMaxHits) {
    throw Error(ErrorCode::kInvalidArgument, "offset + limit must be at most " + std::to_string(kMaxHits));
  }
  catalog::Library::Page page = services.library.newest(offset, limit);
  base::Json::Array items;
  for (const SearchHit& item : page.items) items.emplace_back(item_json(item));
  std::size_t count = items.size();
  return json_response(base::Json::Object{{"version", page.version},
                                          {"total", page.total},
                                          {"offset", offset},
                                          {"count", count},
                                          {"more", offset + count < std::min(page.total, kMaxHits)},
                                          {"items", std::move(items)}});
}

http::Response describe(Services& services, const Call& call) {
  SearchHit item = item_of(services, call.id);
  base::Json::Object json = item_json(item);
  base::Json format;
  try {
    if (!catalog::is_topic_url(item.path)) format = format_name(format_of(http::FileBody(item.path)));
  } catch (const Error&) {  // format stays null: the file has vanished or cannot be read
  }
  json.emplace_back("format", format);
  return json_response(json);
}

// Encodes a file name for Content-Disposition as in RFC 6266, with the encoding of RFC 5987, which needs no quotes.
std::string encoded(std::string_view name) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text;
  for (char letter : name) {
    auto byte = static_cast<unsigned char>(letter);
    bool plain = base::is_ascii_alphanumeric(letter) || letter == '-' || letter == '.' || letter == '_';
    if (plain) {
      text += letter;
    } else {
      text += '%';
      text += kDigits[byte >> 4];
      text += kDigits[byte & 15];
    }
  }
  return text;
}

http::Response image(Services& services, const Call& call) {
  SearchHit item = item_of(services, call.id);
  std::unique_ptr<http::FileBody> file = open(item);
  PictureFormat format = format_of(*file);
  // The file may have been replaced since it was indexed; this server sends only pictures.
  if (format == PictureFormat::kUnknown) throw Error(ErrorCode::kUnsupported, item.path + " is not a picture any more");
  std::string tag = file->tag();
  http::Response response = with_tag(call.request, tag, kCache, [&] {
    http::Response full;
    full.body = std::move(file);
    return full;
  });
  response.set("Content-Type", "image/" + std::string(format_name(format)));
  response.set("Content-Security-Policy", std::string(kPicturePolicy));
  std::string_view type = call.request.parameter("download") != nullptr ? "attachment" : "inline";
  response.set("Content-Disposition", std::string(type) + "; filename*=UTF-8''" + encoded(file_name_of(item.path)));
  return response;
}

// The body of the function `make` is a thumbnail of the content that `tag` identifies.
template <typename Make>
http::Response thumbnail_response(const Call& call, const std::string& tag, int side, Make make) {
  http::Response response = with_tag(call.request, "t" + std::to_string(side) + "-" + tag, kCache, [&] {
    http::Response full;
    full.body = make();
    return full;
  });
  response.set("Content-Type", "image/jpeg");
  response.set("Content-Security-Policy", std::string(kPicturePolicy));
  return response;
}

http::Response stored_thumbnail(Services& services, const Call& call, const SearchHit& item, std::string jpeg,
                                int side) {
  std::string tag = base::content_hash(std::as_bytes(std::span(jpeg)));
  return thumbnail_response(call, tag, side,
                            [&] { return services.thumbnails.get_stored(item, std::move(jpeg), tag, side); });
}

http::Response thumbnail(Services& services, const Call& call) {
  auto side = static_cast<int>(integer_parameter(call.request.parameters, "size", 256, 1, 1600));
  if (side != 256 && side != 512 && side != 1600) {
    throw Error(ErrorCode::kInvalidArgument, "size must be 256, 512 or 1600");
  }
  SearchHit item = item_of(services, call.id);
  if (catalog::may_have_thumbnail(item.path)) {
    std::optional<std::string> jpeg = services.catalog.thumbnail(item.id);
    if (jpeg) return stored_thumbnail(services, call, item, *std::move(jpeg), side);
  }
  std::string tag = open(item)->tag();
  return thumbnail_response(call, tag, side, [&] { return services.thumbnails.get(item, tag, side); });
}

}  // namespace

void add_item_routes(Router& router, Services& services) {
  router.add({"GET", "/api/items", Pool::kQuick, 0, [&](const Call& call) { return list(services, call); }});
  router.add({"GET", "/api/items/{id}", Pool::kDisk, 0, [&](const Call& call) { return describe(services, call); }});
  router.add({"GET", "/api/items/{id}/image", Pool::kDisk, 0, [&](const Call& call) { return image(services, call); }});
  router.add({"GET", "/api/items/{id}/thumbnail", Pool::kPictures, 0,
              [&](const Call& call) { return thumbnail(services, call); }});
}

}  // namespace clipseek::web
