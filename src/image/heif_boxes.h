// The boxes of a HEIF container (ISO/IEC 14496-12 and 23008-12) as far as the limits need them: libheif 1.15 follows
// whatever a file says, so decode_heif() looks first.
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
  std::vector<Bytes> extents;           // of its data; together no more than the file
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

// Views into source.bytes. Throws kCorrupt where the boxes do not follow the format.
HeifBoxes read_heif_boxes(const PictureSource& source);

// Throws kLimitExceeded where an image in `boxes` states a size (its property "ispe") above the limit.
void check_heif_sizes(const PictureSource& source, const HeifBoxes& boxes);

struct HeifSize {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};

// From the content of an "ispe" box.
HeifSize heif_size(Bytes ispe);

}  // namespace clipseek::image
