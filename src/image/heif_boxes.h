// The boxes of a HEIF container (ISO/IEC 14496-12 and 23008-12) that are needed to enforce the limits: libheif 1.15
// trusts a file's structure, so decode_heif() checks it first.
#pragma once

#include <map>
#include <vector>

#include "image/decoders.h"

namespace clipseek::image {

constexpr std::uint32_t four_cc(const char (&name)[5]) {
  std::uint32_t code = 0;
  for (int i = 0; i < 4; ++i) code = code << 8 | static_cast<std::uint8_t>(name[i]);
  return code;
}

struct HeifBox {
  std::uint32_t type = 0;
  Bytes content;
};

struct HeifItem {
  std::uint32_t type = 0;
  std::vector<std::size_t> properties;  // indices into HeifBoxes::properties
  std::vector<Bytes> extents;           // its data; in total not larger than the file
};

struct HeifReference {
  std::uint32_t type = 0;
  std::uint32_t from = 0;
  std::vector<std::uint32_t> to;
};

struct HeifBoxes {
  std::uint32_t primary = 0;
  std::map<std::uint32_t, HeifItem> items;
  std::vector<HeifReference> references;
  std::vector<HeifBox> properties;
};

// Reads the boxes; the result holds views of source.bytes. Throws kCorrupt where the boxes do not follow the format.
HeifBoxes read_heif_boxes(const PictureSource& source);

// Throws kLimitExceeded where an image in `boxes` states a size (its property "ispe") above the limit.
void check_heif_sizes(const PictureSource& source, const HeifBoxes& boxes);

struct HeifSize {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};

// Reads the content of an "ispe" box.
HeifSize heif_size(Bytes ispe);

}  // namespace clipseek::image
