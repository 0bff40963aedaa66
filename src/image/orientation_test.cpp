#include "image/orientation.h"

#include <gtest/gtest.h>

#include <string>

namespace clipseek::image {
namespace {

int orientation_of(const std::string& exif) {
  return exif_orientation({reinterpret_cast<const std::uint8_t*>(exif.data()), exif.size()});
}

// Returns a directory of two tags; the second is the orientation.
std::string exif(char value, char type = 3, char count = 1, char offset = 8) {
  std::string bytes("II*\0........\2\0\x0F\1\3\0\1\0\0\0\1\0\0\0\x12\1\3\0\1\0\0\0\0\0\0\0", 38);
  bytes.replace(4, 8, std::string("\0\0\0\0\0\0\0\0", 8));
  bytes.erase(8, 4);
  bytes[4] = offset;
  bytes[24] = type;
  bytes[26] = count;
  bytes[30] = value;
  return bytes;
}

TEST(Orientation, IsReadFromExif) {
  for (char value = 1; value <= 8; ++value) EXPECT_EQ(orientation_of(exif(value)), value);
  EXPECT_EQ(orientation_of(std::string("Exif\0\0", 6) + exif(6)), 6);
  const std::string big("MM\0*\0\0\0\x8\0\1\1\x12\0\3\0\0\0\1\0\5\0\0\0\0", 24);
  EXPECT_EQ(orientation_of(big), 5);
}

TEST(Orientation, IsUprightWhereTheTagIsInvalid) {
  EXPECT_EQ(orientation_of(exif(0)), kUpright);
  EXPECT_EQ(orientation_of(exif(9)), kUpright);
  EXPECT_EQ(orientation_of(exif(6, 2)), kUpright);
  EXPECT_EQ(orientation_of(exif(6, 3, 2)), kUpright);
  EXPECT_EQ(orientation_of(exif(6, 3, 1, 100)), kUpright);
  EXPECT_EQ(orientation_of(""), kUpright);
  EXPECT_EQ(orientation_of("Exif"), kUpright);
  EXPECT_EQ(orientation_of("not EXIF at all, but long enough"), kUpright);
  const std::string whole = exif(6);
  for (std::size_t size = 0; size < 32; ++size) EXPECT_EQ(orientation_of(whole.substr(0, size)), kUpright) << size;
}

TEST(Orientation, TurnsInAllEightWays) {
  // One number for the colour of each pixel: the rows are 1 2 3 and 4 5 6.
  const std::vector<std::vector<int>> expected{{1, 2, 3, 4, 5, 6}, {3, 2, 1, 6, 5, 4}, {6, 5, 4, 3, 2, 1},
                                               {4, 5, 6, 1, 2, 3}, {1, 4, 2, 5, 3, 6}, {4, 1, 5, 2, 6, 3},
                                               {6, 3, 5, 2, 4, 1}, {3, 6, 2, 5, 1, 4}};
  for (int orientation = 1; orientation <= 8; ++orientation) {
    Picture picture{3, 2, {}, 30, 20};
    for (int i = 1; i <= 6; ++i) picture.rgb.insert(picture.rgb.end(), 3, static_cast<std::uint8_t>(i));
    const Picture turned = turn(picture, orientation);
    EXPECT_EQ(turned.width, orientation < 5 ? 3 : 2);
    EXPECT_EQ(turned.height, orientation < 5 ? 2 : 3);
    EXPECT_EQ(turned.original_width, orientation < 5 ? 30 : 20);
    EXPECT_EQ(turned.original_height, orientation < 5 ? 20 : 30);
    for (std::size_t i = 0; i < 6; ++i)
      EXPECT_EQ(turned.rgb[3 * i], expected[static_cast<std::size_t>(orientation) - 1][i]) << orientation;
  }
}

TEST(Orientation, TurnsPicturesOfManyTiles) {
  Picture picture{150, 70, {}, 150, 70};
  for (int i = 0; i < 150 * 70 * 3; ++i) picture.rgb.push_back(static_cast<std::uint8_t>(i * 7 + i / 255));
  EXPECT_EQ(turn(turn(picture, 6), 8).rgb, picture.rgb);
  EXPECT_EQ(turn(turn(picture, 5), 5).rgb, picture.rgb);
  EXPECT_EQ(turn(turn(picture, 6), 6).rgb, turn(picture, 3).rgb);
}

}  // namespace
}  // namespace clipseek::image
