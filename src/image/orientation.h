// How a picture is to be turned for people: the EXIF orientation, 1 to 8 (EXIF 2.32, 4.6.4 "Orientation").
#pragma once

#include "clipseek/picture.h"
#include "image/byte_reader.h"

namespace clipseek::image {

constexpr int kUpright = 1;

// From EXIF data, with or without its "Exif\0\0" prefix. kUpright where there is none or it makes no sense: a broken
// tag is no reason to lose a picture. One tag does not need libexif.
int exif_orientation(Bytes exif);

// The picture as a person sees it; original_width and original_height turn along.
Picture turn(Picture picture, int orientation);

}  // namespace clipseek::image
