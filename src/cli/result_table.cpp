#include "cli/result_table.h"

#include <algorithm>

#include "cli/text_layout.h"

namespace clipseek::cli {
namespace {

constexpr int kScoreDigits = 4;

struct Colours {
  const char* bar = "";
  const char* folder = "";
  const char* off = "";
};

Colours colours_of(const Terminal& terminal) {
  if (!terminal.colours) return {};
  return {.bar = "\x1b[36m", .folder = "\x1b[2m", .off = "\x1b[0m"};
}

std::string right(const std::string& text, int columns) {
  return std::string(static_cast<std::size_t>(std::max(0, columns - display_width(text))), ' ') + text;
}

// Prints the folder of a path in faint text, so that the name stands out.
std::string faint_folder(const std::string& path, const Colours& colours) {
  std::size_t name = path.rfind('/') + 1;  // 0 if the path has no folder
  return name == 0 ? path : colours.folder + path.substr(0, name) + colours.off + path.substr(name);
}

}  // namespace

std::string path_from(const std::string& path, const std::filesystem::path& folder) {
  if (folder.empty()) return path;
  std::string prefix = folder.string();
  if (prefix.back() != '/') prefix += '/';
  return path.size() > prefix.size() && path.starts_with(prefix) ? path.substr(prefix.size()) : path;
}

void print_table(const std::vector<SearchHit>& hits, const std::filesystem::path& folder, const Console& console) {
  const Terminal& terminal = console.out_terminal;
  Colours colours = colours_of(terminal);
  float best = hits.empty() ? 0 : std::max(hits.front().score, 1e-6F);
  int rank_columns = static_cast<int>(std::to_string(hits.size()).size());
  int bar_columns = terminal.columns < 50 ? 0 : std::min(24, terminal.columns / 4);
  // Two spaces between columns; the score is at most "-0.1234" wide.
  int path_columns = std::max(8, terminal.columns - rank_columns - 2 - 7 - 2 - (bar_columns > 0 ? bar_columns + 2 : 0));
  int rank = 0;
  for (const SearchHit& hit : hits) {
    std::string number = std::to_string(++rank);
    std::string score = format_decimal(hit.score, kScoreDigits);
    std::string path = path_from(hit.path, folder);
    if (!terminal.interactive) {
      console.out << number + "\t" + score + "\t" + path + "\n";
      continue;
    }
    std::string line = right(number, rank_columns) + "  " + right(score, 7) + "  ";
    if (bar_columns > 0) line += colours.bar + bar(hit.score / best, bar_columns, terminal.blocks) + colours.off + "  ";
    console.out << line + faint_folder(keep_end(printable(path), path_columns), colours) + "\n";
  }
}

}  // namespace clipseek::cli
