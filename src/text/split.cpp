#include "text/split.h"

#include <algorithm>
#include <array>

#include "text/unicode.h"

namespace clipseek::text {
namespace {

constexpr std::array<std::u32string_view, 7> kContractions = {U"'s", U"'t", U"'re", U"'ve", U"'m", U"'ll", U"'d"};

bool is_symbol(char32_t c) {
  return !is_space(c) && !is_letter(c) && !is_number(c);
}

template <typename Predicate>
std::size_t run_length(std::u32string_view text, Predicate belongs) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), belongs) - text.begin());
}

}  // namespace

std::u32string_view WordSplitter::next() {
  rest_.remove_prefix(run_length(rest_, is_space));
  if (rest_.empty()) return {};
  const std::u32string_view word = rest_.substr(0, word_length());
  rest_.remove_prefix(word.size());
  return word;
}

std::size_t WordSplitter::word_length() const {
  for (std::u32string_view special : {start_token_, end_token_}) {
    if (rest_.starts_with(special)) return special.size();
  }
  for (std::u32string_view contraction : kContractions) {
    if (rest_.starts_with(contraction)) return contraction.size();
  }
  if (is_letter(rest_.front())) return run_length(rest_, is_letter);
  if (is_number(rest_.front())) return 1;
  return run_length(rest_, is_symbol);
}

}  // namespace clipseek::text
