#include "nodes/shared/embedding_summary.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace clipseek::nodes {
namespace {

std::string number_text(const char* format, double number) {
  char text[64];
  std::snprintf(text, sizeof text, format, number);
  return text;
}

}  // namespace

std::string summary(const Embedding& embedding) {
  constexpr std::size_t kShown = 8;
  double square = 0;
  for (float value : embedding) square += double{value} * double{value};
  std::string text =
      std::to_string(embedding.size()) + " numbers, length " + number_text("%.6f", std::sqrt(square)) + ":";
  for (std::size_t i = 0; i < std::min(kShown, embedding.size()); ++i) {
    text += number_text(" %.4f", double{embedding[i]});
  }
  return text + (embedding.size() > kShown ? " ..." : "");
}

}  // namespace clipseek::nodes
