// GIF through giflib: the first frame on its canvas. As in Pillow, the canvas grows to hold the frame, and pixels
// outside the frame have the transparent colour, or colour 0 if the file states none.
#include <gif_lib.h>

#include <algorithm>
#include <array>
#include <memory>
#include <new>
#include <optional>

#include "image/decoders.h"
#include "image/pixels.h"

namespace clipseek::image {
namespace {

struct GifDeleter {
  void operator()(GifFileType* gif) const { DGifCloseFile(gif, nullptr); }
};
using Gif = std::unique_ptr<GifFileType, GifDeleter>;

int on_read(GifFileType* gif, GifByteType* out, int size) {
  auto* reader = static_cast<ByteReader*>(gif->UserData);
  const Bytes bytes = reader->take(std::min(static_cast<std::size_t>(size), reader->remaining()));
  std::ranges::copy(bytes, out);
  return static_cast<int>(bytes.size());
}

[[noreturn]] void throw_gif_error(const PictureSource& source, int error) {
  if (error == D_GIF_ERR_NOT_ENOUGH_MEM) throw std::bad_alloc();
  const char* why = GifErrorString(error);
  throw_corrupt(source, why != nullptr ? why : "it ends too early");
}

void require(const PictureSource& source, const Gif& gif, int status) {
  if (status != GIF_OK) throw_gif_error(source, gif->Error);
}

// Reads up to the first frame's header. Returns the transparent colour where a graphics control block before the header
// states one.
std::optional<int> find_frame(const PictureSource& source, const Gif& gif) {
  std::optional<int> transparent;
  for (;;) {
    GifRecordType record = UNDEFINED_RECORD_TYPE;
    require(source, gif, DGifGetRecordType(gif.get(), &record));
    if (record == IMAGE_DESC_RECORD_TYPE) {
      require(source, gif, DGifGetImageDesc(gif.get()));
      return transparent;
    }
    if (record != EXTENSION_RECORD_TYPE) throw_corrupt(source, "it has no frame");
    int code = 0;
    GifByteType* block = nullptr;  // a length, then that many bytes; null after the last block
    require(source, gif, DGifGetExtension(gif.get(), &code, &block));
    GraphicsControlBlock control{};
    if (code == GRAPHICS_EXT_FUNC_CODE && block != nullptr &&
        DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK && control.TransparentColor != NO_TRANSPARENT_COLOR)
      transparent = control.TransparentColor;
    while (block != nullptr) require(source, gif, DGifGetExtensionNext(gif.get(), &block));
  }
}

Palette make_palette(const GifFileType& gif) {
  Palette palette;
  const ColorMapObject* map = gif.Image.ColorMap != nullptr ? gif.Image.ColorMap : gif.SColorMap;
  for (int i = 0; map != nullptr && i < std::min(map->ColorCount, 256); ++i)
    palette.set(i, map->Colors[i].Red, map->Colors[i].Green, map->Colors[i].Blue);
  return palette;
}

void read_frame(const PictureSource& source, const Gif& gif, const Palette& palette, Picture& picture) {
  const GifImageDesc& frame = gif->Image;
  std::vector<GifPixelType> indices(static_cast<std::size_t>(frame.Width));
  const std::ptrdiff_t left = std::ptrdiff_t{frame.Left} * 3;
  const auto read_row = [&](int y) {
    require(source, gif, DGifGetLine(gif.get(), indices.data(), frame.Width));
    expand_palette(palette, indices.data(), frame.Width, row_at(picture, frame.Top + y) + left);
  };
  if (!frame.Interlace) {
    for (int y = 0; y < frame.Height; ++y) read_row(y);
    return;
  }
  struct Pass {
    int first;
    int step;
  };
  for (const auto [first, step] : std::array<Pass, 4>{{{0, 8}, {4, 8}, {2, 4}, {1, 2}}})
    for (int y = first; y < frame.Height; y += step) read_row(y);
}

}  // namespace

Picture decode_gif(const PictureSource& source) {
  ByteReader reader(source.bytes, ByteOrder::kLittle);
  int error = 0;
  const Gif gif(DGifOpen(&reader, on_read, &error));
  if (!gif) throw_gif_error(source, error);
  check_size(source, std::max(gif->SWidth, 1), std::max(gif->SHeight, 1));
  const std::optional<int> transparent = find_frame(source, gif);
  const GifImageDesc& frame = gif->Image;
  check_size(source, frame.Width, frame.Height);
  Picture picture = make_picture(source, std::max(gif->SWidth, frame.Left + frame.Width),
                                 std::max(gif->SHeight, frame.Top + frame.Height));
  const Palette palette = make_palette(*gif);
  const std::vector<std::uint8_t> blank(static_cast<std::size_t>(picture.width),
                                        static_cast<std::uint8_t>(transparent.value_or(0)));
  for (int y = 0; y < picture.height; ++y) expand_palette(palette, blank.data(), picture.width, append_row(picture));
  read_frame(source, gif, palette, picture);
  return picture;
}

}  // namespace clipseek::image
