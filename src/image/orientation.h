// The EXIF orientation, 1 to 8, states how to turn a picture for display (EXIF 2.32, 4.6.4 "Orientation").
#pragma once

#include "clipseek/picture.h"
#include "image/byte_reader.h"

namespace clipseek::image {

constexpr int kUpright = 1;

// Reads the orientation from EXIF data, with or without its "Exif\0\0" prefix. Returns kUpright where it is missing or
// invalid: a damaged tag must not make the picture unusable. libexif would be too much for one tag.
int exif_orientation(Bytes exif);

// Returns the picture as it is to be displayed; original_width and original_height are turned too.
Picture turn(Picture picture, int orientation);

}  // namespace clipseek::image
