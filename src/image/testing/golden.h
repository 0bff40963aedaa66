// Readers for the files in tests/golden/image/, which tools/make_picture_golden.py describes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/mapped_file.h"
#include "clipseek/picture.h"

namespace clipseek::image {

inline std::string golden_path(std::string_view name) {
  return std::string(CLIPSEEK_SOURCE_DIR "/tests/golden/image/") + std::string(name);
}

inline std::vector<std::byte> golden_file(std::string_view name) {
  return base::read_file(golden_path(name), 1 << 20);
}

using GoldenRow = std::vector<std::string>;

inline std::vector<GoldenRow> golden_table(std::string_view name) {
  std::vector<GoldenRow> table;
  std::istringstream lines(base::read_text_file(golden_path(name), 1 << 20));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    GoldenRow& row = table.emplace_back();
    for (std::string word; words >> word;) row.push_back(word);
  }
  return table;
}

// Returns the rows about files whose names begin with `prefix`.
inline std::vector<GoldenRow> golden_rows(std::string_view table, const std::string& prefix) {
  std::vector<GoldenRow> rows = golden_table(table);
  std::erase_if(rows, [&prefix](const GoldenRow& row) { return !row.at(0).starts_with(prefix); });
  return rows;
}

// Returns the picture that the last three words of a row, WIDTH HEIGHT OFFSET, refer to.
inline Picture golden_picture(const GoldenRow& row) {
  static const std::vector<std::byte> all = golden_file("pixels.bin");
  Picture picture;
  picture.width = std::stoi(row.at(row.size() - 3));
  picture.height = std::stoi(row.at(row.size() - 2));
  const std::size_t offset = std::stoul(row.back());
  const std::size_t count = 3 * static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height);
  if (offset + count > all.size()) return {};
  const auto* begin = reinterpret_cast<const std::uint8_t*>(all.data()) + offset;
  picture.rgb.assign(begin, begin + count);
  return picture;
}

// Returns the largest difference of two samples, 0 to 255; 256 for pictures of different sizes.
inline int largest_difference(const Picture& a, const Picture& b) {
  if (a.width != b.width || a.height != b.height || a.rgb.size() != b.rgb.size()) return 256;
  int largest = 0;
  for (std::size_t i = 0; i < a.rgb.size(); ++i) largest = std::max(largest, std::abs(a.rgb[i] - b.rgb[i]));
  return largest;
}

// The prefixes of the names of the pictures.
inline const char* const kGoldenFormats[] = {"jpeg", "png", "webp", "gif", "bmp", "tiff", "heic", "avif"};

}  // namespace clipseek::image
