#include "cli/model_table.h"

#include <algorithm>
#include <array>

#include "cli/text_layout.h"

namespace clipseek::cli {
namespace {

constexpr std::size_t kColumns = 9;
constexpr std::size_t kNumeric[] = {2, 3, 4};  // right-aligned columns
using Cells = std::array<std::string, kColumns>;

Cells cells_of(const ModelRow& row) {
  const hub::KnownModel& model = *row.model;
  return {std::string(model.name),
          std::string(hub::family_name(model.family)),
          format_bytes(model.download_bytes),
          std::to_string(model.input),
          std::to_string(model.embedding),
          std::string(model.languages),
          std::string(model.licence),
          row.folder ? "yes" : "no",
          std::string(model.good_for)};
}

std::string padded(const std::string& text, std::size_t width, std::size_t column) {
  std::string gap(width - std::min(width, text.size()), ' ');
  bool right = std::find(std::begin(kNumeric), std::end(kNumeric), column) != std::end(kNumeric);
  return right ? gap + text : text + gap;
}

}  // namespace

std::string model_table(const std::vector<ModelRow>& rows, int columns) {
  static constexpr std::size_t kLast = kColumns - 1;
  std::vector<Cells> table = {
      {"name", "family", "size", "input", "vector", "languages", "licence", "here", "good for"}};
  for (const ModelRow& row : rows) table.push_back(cells_of(row));
  std::array<std::size_t, kColumns> widths{};
  for (const Cells& cells : table) {
    for (std::size_t i = 0; i < kColumns; ++i) widths[i] = std::max(widths[i], cells[i].size());
  }
  std::size_t all = 2 * kLast;
  for (std::size_t width : widths) all += width;
  bool one_line = columns == 0 || static_cast<std::size_t>(columns) >= all;
  std::string text;
  for (const Cells& cells : table) {
    std::string line;
    for (std::size_t i = 0; i < kLast; ++i) line += padded(cells[i], widths[i], i) + "  ";
    if (one_line) {
      line += cells[kLast];
    } else {
      line.erase(line.find_last_not_of(' ') + 1);
      if (&cells != &table.front()) line += "\n    " + cells[kLast];
    }
    text += line + "\n";
  }
  return text;
}

}  // namespace clipseek::cli
