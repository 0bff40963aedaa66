// The EXIF orientation, 1 to 8, states how to rotate and mirror a picture for display (EXIF 2.32, 4.6.4 "Orientation").
#pragma once

#include "clipseek/picture.h"
#include "image/byte_reader.h"

namespace clipseek::image {

constexpr int kUpright = 1;

// Reads the orientation from EXIF data, with or without its "Exif\0\0" prefix. Returns kUpright where it is missing or
// invalid: a damaged tag must not make the picture unusable. One tag does not justify a dependency on libexif.
int exif_orientation(Bytes exif);

// Returns the picture with the orientation applied; original_width and original_height are exchanged where width and
// height are.
Picture turn(Picture picture, int orientation);

}  // namespace clipseek::image
