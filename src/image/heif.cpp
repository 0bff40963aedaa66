// HEIC through libheif, which applies the container's own rotation, mirroring and cropping. An EXIF orientation is
// ignored, because it repeats them (ISO/IEC 23008-12, A.2.1).
//
// libheif 1.15 trusts a file's structure: it follows derived images that refer to themselves without end, and neither a
// grid's canvas nor the coded pictures in it need to have the size that the item states. StructureCheck accepts what
// cameras write: an HEVC picture or a grid of them, with one level of auxiliary pictures.
#include <libheif/heif.h>

#include <algorithm>
#include <memory>
#include <new>
#include <set>
#include <string>

#include "image/decoders.h"
#include "image/heif_boxes.h"
#include "image/hevc_sps.h"

namespace clipseek::image {
namespace {

constexpr std::uint32_t kCoded = four_cc("hvc1");
constexpr std::uint32_t kGrid = four_cc("grid");

class StructureCheck {
 public:
  StructureCheck(const PictureSource& source, const HeifBoxes& boxes) : source_(source), boxes_(boxes) {}

  void run() const {
    check_heif_sizes(source_, boxes_);
    require_picture(boxes_.primary);
    std::set<std::uint32_t> auxiliary;
    for (const HeifReference& reference : boxes_.references)
      if (reference.type == four_cc("auxl")) auxiliary.insert(reference.from);
    for (const std::uint32_t id : auxiliary) require_picture(id);
    for (const HeifReference& reference : boxes_.references) {
      if (reference.type == four_cc("auxl")) {
        for (const std::uint32_t id : reference.to)
          if (auxiliary.contains(id)) throw_unsupported(source_, "an auxiliary picture has an auxiliary picture");
      } else if (reference.type == four_cc("dimg") && type(reference.from) == kGrid) {
        check_tiles(reference);
      }
    }
    for (const auto& [id, item] : boxes_.items) {
      if (item.type == kCoded) check_coded(item);
      if (item.type == kGrid) check_grid(item);
    }
  }

 private:
  std::uint32_t type(std::uint32_t id) const {
    const auto item = boxes_.items.find(id);
    return item == boxes_.items.end() ? 0 : item->second.type;
  }

  void require_picture(std::uint32_t id) const {
    if (type(id) != kCoded && type(id) != kGrid)
      throw_unsupported(source_, "it is not an HEVC picture or a grid of them");
  }

  HeifSize stated_size(const HeifItem& item) const {
    for (const std::size_t property : item.properties)
      if (boxes_.properties[property].type == four_cc("ispe")) return heif_size(boxes_.properties[property].content);
    throw_corrupt(source_, "a picture in it has no size");
  }

  // A tile is decoded once for each reference to it.
  void check_tiles(const HeifReference& reference) const {
    std::int64_t pixels = 0;
    for (const std::uint32_t id : reference.to) {
      if (type(id) != kCoded) throw_unsupported(source_, "a tile of its grid is not an HEVC picture");
      const HeifSize size = stated_size(boxes_.items.at(id));
      pixels += std::int64_t{size.width} * size.height;
    }
    if (pixels / 2 > source_.options.max_pixels)
      throw_too_large(source_, "its tiles have " + std::to_string(pixels) + " pixels");
  }

  // 23008-12, 6.6.2.3.2: version, flags, rows - 1, columns - 1, then width and height in 16 bits, or 32 under flag 1.
  void check_grid(const HeifItem& item) const {
    const std::vector<std::uint8_t> data = join(item);
    ByteReader reader(data, ByteOrder::kBig);
    reader.u8();
    const bool wide = (reader.u8() & 1) != 0;
    reader.u16();
    const std::uint32_t width = wide ? reader.u32() : reader.u16();
    const std::uint32_t height = wide ? reader.u32() : reader.u16();
    if (!reader.ok()) throw_corrupt(source_, "its grid ends too early");
    check_size(source_, width, height);
  }

  // Checks every sequence parameter set, outside the stream (in "hvcC", 14496-15, 8.3.3.1) or inside it.
  void check_coded(const HeifItem& item) const {
    const HeifSize stated = stated_size(item);
    for (const std::size_t property : item.properties)
      if (boxes_.properties[property].type == four_cc("hvcC"))
        check_parameters(boxes_.properties[property].content, stated);
    const std::vector<std::uint8_t> data = join(item);
    ByteReader reader(data, ByteOrder::kBig);
    while (reader.remaining() > 0 && reader.ok()) check_nal(reader.take(reader.u32()), stated);
    if (!reader.ok()) throw_corrupt(source_, "its HEVC data ends too early");
  }

  void check_parameters(Bytes hvcc, HeifSize stated) const {
    ByteReader reader(hvcc, ByteOrder::kBig);
    reader.take(22);
    for (int arrays = reader.u8(); arrays > 0 && reader.ok(); --arrays) {
      reader.u8();
      for (int units = reader.u16(); units > 0 && reader.ok(); --units) check_nal(reader.take(reader.u16()), stated);
    }
    if (!reader.ok()) throw_corrupt(source_, "its HEVC parameters end too early");
  }

  // The coded size is the stated one, rounded up to whole coding blocks of at most 64 pixels.
  void check_nal(Bytes nal, HeifSize stated) const {
    constexpr std::uint64_t kPadding = 128;
    const std::optional<HevcSize> coded = hevc_sps_size(nal);
    if (!coded) return;
    if (coded->width == 0 || coded->width > stated.width + kPadding || coded->height > stated.height + kPadding)
      throw_corrupt(source_, "its HEVC data states another size than the container");
  }

  static std::vector<std::uint8_t> join(const HeifItem& item) {
    std::vector<std::uint8_t> data;
    for (const Bytes extent : item.extents) data.insert(data.end(), extent.begin(), extent.end());
    return data;
  }

  const PictureSource& source_;
  const HeifBoxes& boxes_;
};

struct HeifDeleter {
  void operator()(heif_context* context) const { heif_context_free(context); }
  void operator()(heif_image_handle* handle) const { heif_image_handle_release(handle); }
  void operator()(heif_image* image) const { heif_image_release(image); }
  void operator()(heif_decoding_options* options) const { heif_decoding_options_free(options); }
};

void require(const PictureSource& source, const heif_error& error) {
  if (error.code == heif_error_Ok) return;
  const std::string why = error.message != nullptr ? error.message : "unknown error";
  if (error.subcode == heif_suberror_Security_limit_exceeded) throw_too_large(source, why);
  if (error.code == heif_error_Unsupported_filetype || error.code == heif_error_Unsupported_feature)
    throw_unsupported(source, why);
  throw_corrupt(source, why);
}

std::unique_ptr<heif_image, HeifDeleter> decode_primary(const PictureSource& source, heif_context* context) {
  heif_image_handle* handle = nullptr;
  require(source, heif_context_get_primary_image_handle(context, &handle));
  const std::unique_ptr<heif_image_handle, HeifDeleter> primary(handle);
  check_size(source, heif_image_handle_get_width(handle), heif_image_handle_get_height(handle));
  const std::unique_ptr<heif_decoding_options, HeifDeleter> options(heif_decoding_options_alloc());
  if (!options) throw std::bad_alloc();
  options->convert_hdr_to_8bit = 1;
  heif_image* image = nullptr;
  require(source, heif_decode_image(handle, &image, heif_colorspace_RGB, heif_chroma_interleaved_RGB, options.get()));
  return std::unique_ptr<heif_image, HeifDeleter>(image);
}

}  // namespace

Picture decode_heif(const PictureSource& source) {
  StructureCheck(source, read_heif_boxes(source)).run();
  const std::unique_ptr<heif_context, HeifDeleter> context(heif_context_alloc());
  if (!context) throw std::bad_alloc();
  heif_context_set_max_decoding_threads(context.get(), 0);  // decode in the caller's thread
  require(source,
          heif_context_read_from_memory_without_copy(context.get(), source.bytes.data(), source.bytes.size(), nullptr));
  const auto image = decode_primary(source, context.get());
  Picture picture = make_picture(source, heif_image_get_width(image.get(), heif_channel_interleaved),
                                 heif_image_get_height(image.get(), heif_channel_interleaved));
  int stride = 0;
  const std::uint8_t* pixels = heif_image_get_plane_readonly(image.get(), heif_channel_interleaved, &stride);
  if (pixels == nullptr) throw_corrupt(source, "it has no pixels");
  for (int y = 0; y < picture.height; ++y)
    std::copy_n(pixels + static_cast<std::ptrdiff_t>(y) * stride, static_cast<std::size_t>(picture.width) * 3,
                append_row(picture));
  return picture;
}

}  // namespace clipseek::image
