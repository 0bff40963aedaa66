// PNG through libpng: every colour type and depth, also interlaced. Of 16-bit samples the high byte is used. Pillow 9
// does the same except for 16-bit gray, which it clips to white above 255; here 16-bit gray is treated like the rest.
#include <png.h>

#include <algorithm>
#include <new>

#include "image/c_failure.h"
#include "image/decoders.h"
#include "image/orientation.h"

namespace clipseek::image {
namespace {

void on_error(png_structp png, png_const_charp message) {
  static_cast<CFailure*>(png_get_error_ptr(png))->fail(message);
}

void on_warning(png_structp, png_const_charp) {}

void on_read(png_structp png, png_bytep out, std::size_t size) {
  const Bytes bytes = static_cast<ByteReader*>(png_get_io_ptr(png))->take(size);
  if (bytes.size() != size) png_error(png, "it ends too early");
  std::ranges::copy(bytes, out);
}

struct PngHandle {
  PngHandle() = default;
  ~PngHandle() { png_destroy_read_struct(&png, &info, nullptr); }
  PngHandle(const PngHandle&) = delete;
  PngHandle& operator=(const PngHandle&) = delete;

  png_structp png = nullptr;
  png_infop info = nullptr;
};

class PngDecoder {
 public:
  explicit PngDecoder(const PictureSource& source) : source_(source), reader_(source.bytes, ByteOrder::kBig) {}

  Picture decode() {
    open();
    read_header();
    Picture picture = make_picture(source_, png_get_image_width(handle_.png, handle_.info),
                                   png_get_image_height(handle_.png, handle_.info));
    int passes = 1;
    run([this, &passes] { passes = request_rgb(); });
    if (png_get_rowbytes(handle_.png, handle_.info) != static_cast<std::size_t>(picture.width) * 3)
      throw_unsupported(source_, "its pixels are of an unknown type");
    if (passes == 1) {
      for (int y = 0; y < picture.height; ++y) read_row(append_row(picture));
    } else {
      allocate_rows(picture);
      for (int pass = 0; pass < passes; ++pass)
        for (int y = 0; y < picture.height; ++y) read_row(row_at(picture, y));
    }
    run([this] { png_read_end(handle_.png, handle_.info); });
    return turn(std::move(picture), exif());
  }

 private:
  template <typename Step>
  void run(Step step) {
    if (!failure_.guard(step)) throw_corrupt(source_, failure_.message());
  }

  void open() {
    run([this] {
      handle_.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &failure_, on_error, on_warning);
      if (handle_.png != nullptr) handle_.info = png_create_info_struct(handle_.png);
    });
    if (handle_.info == nullptr) throw std::bad_alloc();
  }

  void read_header() {
    run([this] {
      png_set_read_fn(handle_.png, &reader_, on_read);
      png_set_user_limits(handle_.png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);  // check_size enforces the limit
      // Skips texts, profiles and other chunks that do not affect the pixels, so that none is a decompression bomb.
      png_set_keep_unknown_chunks(handle_.png, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
      png_set_keep_unknown_chunks(handle_.png, PNG_HANDLE_CHUNK_AS_DEFAULT, reinterpret_cast<png_const_bytep>("eXIf"),
                                  1);
      png_read_info(handle_.png, handle_.info);
    });
  }

  // Sets the output to 8-bit RGB for every stored format. Returns the number of passes.
  int request_rgb() {
    const int type = png_get_color_type(handle_.png, handle_.info);
    if (type == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(handle_.png);
    if (type == PNG_COLOR_TYPE_GRAY) png_set_expand_gray_1_2_4_to_8(handle_.png);
    if (png_get_bit_depth(handle_.png, handle_.info) == 16) png_set_strip_16(handle_.png);
    png_set_strip_alpha(handle_.png);
    png_set_gray_to_rgb(handle_.png);
    const int passes = png_set_interlace_handling(handle_.png);
    png_read_update_info(handle_.png, handle_.info);
    return passes;
  }

  void read_row(std::uint8_t* row) {
    run([this, row] { png_read_row(handle_.png, row, nullptr); });
  }

  int exif() {
    png_uint_32 size = 0;
    png_bytep data = nullptr;
    if (png_get_eXIf_1(handle_.png, handle_.info, &size, &data) == 0) return kUpright;
    return exif_orientation({data, size});
  }

  const PictureSource& source_;
  CFailure failure_;
  ByteReader reader_;
  PngHandle handle_;
};

}  // namespace

Picture decode_png(const PictureSource& source) {
  return PngDecoder(source).decode();
}

}  // namespace clipseek::image
