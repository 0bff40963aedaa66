#include "clipseek/picture.h"

#include <algorithm>
#include <array>
#include <new>
#include <string>

#include "clipseek/error.h"
#include "image/decoders.h"

namespace clipseek {
namespace {

// A side longer than this is refused even where the product fits: row buffers and resize weights grow with a side.
constexpr std::int64_t kMaxSide = 1'000'000;

bool begins_with(image::Bytes head, std::string_view magic, std::size_t offset = 0) {
  return head.size() >= offset + magic.size() &&
         std::equal(magic.begin(), magic.end(), head.begin() + static_cast<std::ptrdiff_t>(offset),
                    [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

bool is_tiff(image::Bytes head) {
  using namespace std::string_view_literals;
  return begins_with(head, "II*\0"sv) || begins_with(head, "MM\0*"sv) ||  // classic
         begins_with(head, "II+\0"sv) || begins_with(head, "MM\0+"sv);    // BigTIFF
}

// A HEIF container begins with a box "ftyp": its size, a major brand, a version, and the compatible brands (ISO/IEC
// 14496-12, 4.3). The major brand "mif1" does not state the codec; then the compatible brands in `head` decide.
PictureFormat heif_format(image::Bytes head) {
  using namespace std::string_view_literals;
  constexpr std::array kHevcBrands{"heic"sv, "heix"sv, "heim"sv, "heis"sv, "hevc"sv, "hevx"sv, "hevm"sv, "hevs"sv};
  if (!begins_with(head, "ftyp", 4)) return PictureFormat::kUnknown;
  image::ByteReader reader(head, image::ByteOrder::kBig);
  const std::size_t end = std::min<std::size_t>(reader.u32(), head.size());
  bool heif = false;
  for (std::size_t at = 8; at + 4 <= end; at = at == 8 ? 16 : at + 4) {
    if (begins_with(head, "avif", at) || begins_with(head, "avis", at)) return PictureFormat::kAvif;
    for (const std::string_view brand : kHevcBrands)
      if (begins_with(head, brand, at)) return PictureFormat::kHeif;
    heif = heif || begins_with(head, "mif1", at) || begins_with(head, "msf1", at);
  }
  return heif ? PictureFormat::kHeif : PictureFormat::kUnknown;
}

PictureFormat format_of(image::Bytes head) {
  if (begins_with(head, "\xFF\xD8\xFF")) return PictureFormat::kJpeg;
  if (begins_with(head, "\x89PNG\r\n\x1A\n")) return PictureFormat::kPng;
  if (begins_with(head, "RIFF") && begins_with(head, "WEBP", 8)) return PictureFormat::kWebp;
  if (begins_with(head, "GIF87a") || begins_with(head, "GIF89a")) return PictureFormat::kGif;
  // "BM" alone also begins texts; the size of the second header is below 256 in every type of BMP.
  if (begins_with(head, "BM") && head.size() >= 16 && head[14] >= 12 && head[15] == 0) return PictureFormat::kBmp;
  if (is_tiff(head)) return PictureFormat::kTiff;
  return heif_format(head);
}

image::Bytes as_numbers(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

Picture decode(const image::PictureSource& source) {
  switch (source.format) {
    case PictureFormat::kJpeg:
      return image::decode_jpeg(source);
    case PictureFormat::kPng:
      return image::decode_png(source);
    case PictureFormat::kWebp:
      return image::decode_webp(source);
    case PictureFormat::kGif:
      return image::decode_gif(source);
    case PictureFormat::kBmp:
      return image::decode_bmp(source);
    case PictureFormat::kTiff:
      return image::decode_tiff(source);
    case PictureFormat::kHeif:
      return image::decode_heif(source);
    case PictureFormat::kAvif:
      return image::decode_avif(source);
    case PictureFormat::kUnknown:
      break;
  }
  throw Error(
      ErrorCode::kUnsupported,
      std::string(source.name) + ": not a picture in a supported format (JPEG, PNG, WebP, GIF, BMP, TIFF, HEIC, AVIF)");
}

std::string message(const image::PictureSource& source, std::string_view problem, std::string_view why) {
  return std::string(source.name) + ": " + std::string(problem) + " " +
         std::string(picture_format_name(source.format)) + " picture: " + std::string(why);
}

}  // namespace

PictureFormat picture_format(std::span<const std::byte> head) {
  return format_of(as_numbers(head));
}

std::string_view picture_format_name(PictureFormat format) {
  switch (format) {
    case PictureFormat::kJpeg:
      return "JPEG";
    case PictureFormat::kPng:
      return "PNG";
    case PictureFormat::kWebp:
      return "WebP";
    case PictureFormat::kGif:
      return "GIF";
    case PictureFormat::kBmp:
      return "BMP";
    case PictureFormat::kTiff:
      return "TIFF";
    case PictureFormat::kHeif:
      return "HEIC";
    case PictureFormat::kAvif:
      return "AVIF";
    case PictureFormat::kUnknown:
      break;
  }
  return "unknown";
}

Picture decode_picture(std::span<const std::byte> bytes, std::string_view name, const DecodeOptions& options) {
  image::PictureSource source{as_numbers(bytes), name, picture_format(bytes), options};
  if (bytes.empty()) throw Error(ErrorCode::kCorrupt, std::string(name) + ": the file is empty");
  try {
    return decode(source);
  } catch (const std::bad_alloc&) {
    image::throw_too_large(source, "not enough memory to decode it");
  }
}

void image::throw_corrupt(const image::PictureSource& source, std::string_view why) {
  throw Error(ErrorCode::kCorrupt, message(source, "damaged", why));
}

void image::throw_unsupported(const image::PictureSource& source, std::string_view why) {
  throw Error(ErrorCode::kUnsupported, message(source, "unsupported", why));
}

void image::throw_too_large(const image::PictureSource& source, std::string_view why) {
  throw Error(ErrorCode::kLimitExceeded, message(source, "too large", why));
}

void image::check_size(const image::PictureSource& source, std::int64_t width, std::int64_t height) {
  const std::string size = std::to_string(width) + " x " + std::to_string(height) + " pixels";
  if (width < 1 || height < 1) image::throw_corrupt(source, "it has " + size);
  if (width > kMaxSide || height > kMaxSide)
    image::throw_too_large(source, "it has " + size + ", but a side may have at most " + std::to_string(kMaxSide));
  if (width * height > source.options.max_pixels)
    image::throw_too_large(source, "it has " + size + ", more than " + std::to_string(source.options.max_pixels));
}

Picture image::make_picture(const image::PictureSource& source, std::int64_t width, std::int64_t height) {
  image::check_size(source, width, height);
  const int w = static_cast<int>(width);
  const int h = static_cast<int>(height);
  return {w, h, {}, w, h};
}

std::uint8_t* image::append_row(Picture& picture) {
  const std::size_t stride = static_cast<std::size_t>(picture.width) * 3;
  if (picture.rgb.empty()) picture.rgb.reserve(stride * static_cast<std::size_t>(picture.height));
  picture.rgb.resize(picture.rgb.size() + stride);
  return picture.rgb.data() + (picture.rgb.size() - stride);
}

void image::allocate_rows(Picture& picture) {
  picture.rgb.resize(static_cast<std::size_t>(picture.width) * 3 * static_cast<std::size_t>(picture.height));
}

std::uint8_t* image::row_at(Picture& picture, int y) {
  return picture.rgb.data() + static_cast<std::size_t>(picture.width) * 3 * static_cast<std::size_t>(y);
}

}  // namespace clipseek
