#include "clipseek/query.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/ascii.h"
#include "catalog/picture_scan.h"

namespace clipseek {
namespace {

constexpr std::string_view kSpaces = " \t\r\n\f\v";
constexpr float kMaxWeight = 100;
constexpr std::size_t kMaxUploadName = 64;

bool is_space(char letter) {
  return kSpaces.find(letter) != std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
  std::size_t first = text.find_first_not_of(kSpaces);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

[[noreturn]] void reject(const std::string& why) {
  throw Error(ErrorCode::kInvalidArgument, "invalid query: " + why);
}

// Returns whether a "+" or "-" stands alone at `at`; a sign inside a word is a part of the word.
bool is_operator(std::string_view text, std::size_t at) {
  if (at >= text.size() || (text[at] != '+' && text[at] != '-')) return false;
  bool before = at == 0 || is_space(text[at - 1]);
  return before && (at + 1 == text.size() || is_space(text[at + 1]));
}

std::size_t skip_spaces(std::string_view text, std::size_t at) {
  return std::min(text.find_first_not_of(kSpaces, at), text.size());
}

// Returns the position after the closing quote of the quoted text that begins at `at`. Returns std::nullopt when the
// quote is not closed, or when the term continues after it: then the quotes are ordinary characters.
std::optional<std::size_t> quoted_end(std::string_view text, std::size_t at) {
  if (at >= text.size() || text[at] != '"') return std::nullopt;
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      std::size_t next = skip_spaces(text, i + 1);
      bool whole = next == text.size() || (next > i + 1 && is_operator(text, next));
      return whole ? std::optional(i + 1) : std::nullopt;
    }
  }
  return std::nullopt;
}

// Returns the content of a quoted text, with its escapes resolved.
std::string unquoted(std::string_view quoted) {
  std::string content;
  for (std::size_t i = 1; i + 1 < quoted.size(); ++i) {
    bool escape = quoted[i] == '\\' && i + 2 < quoted.size() && (quoted[i + 1] == '"' || quoted[i + 1] == '\\');
    if (escape) ++i;
    content += quoted[i];
  }
  return content;
}

// Reads a weight such as "2*" or "0.5 *" at `at` and moves `at` past it. Returns 1 where there is no weight.
float take_weight(std::string_view text, std::size_t& at) {
  std::size_t end = at;
  while (end < text.size() && (base::is_ascii_digit(text[end]) || text[end] == '.')) ++end;
  std::size_t star = skip_spaces(text, end);
  if (end == at || star >= text.size() || text[star] != '*') return 1;
  float weight = 0;
  auto [stop, error] = std::from_chars(text.data() + at, text.data() + end, weight);
  if (error != std::errc() || stop != text.data() + end) return 1;
  if (!(weight > 0) || weight > kMaxWeight) {
    reject("the weight " + std::string(text.substr(at, end - at)) + " must be above 0 and at most 100");
  }
  at = skip_spaces(text, star + 1);
  return weight;
}

std::optional<std::int64_t> item_id(std::string_view operand) {
  constexpr std::string_view kPrefix = "item:";
  if (!operand.starts_with(kPrefix)) return std::nullopt;
  operand.remove_prefix(kPrefix.size());
  std::int64_t id = 0;
  auto [end, error] = std::from_chars(operand.data(), operand.data() + operand.size(), id);
  bool whole = error == std::errc() && end == operand.data() + operand.size() && base::is_ascii_digit(operand[0]);
  return whole ? std::optional(id) : std::nullopt;
}

std::optional<std::string_view> upload_name(std::string_view operand) {
  constexpr std::string_view kPrefix = "upload:";
  if (!operand.starts_with(kPrefix)) return std::nullopt;
  operand.remove_prefix(kPrefix.size());
  auto allowed = [](char letter) { return base::is_ascii_alphanumeric(letter) || letter == '-' || letter == '_'; };
  bool named =
      !operand.empty() && operand.size() <= kMaxUploadName && std::all_of(operand.begin(), operand.end(), allowed);
  return named ? std::optional(operand) : std::nullopt;
}

void set_operand(QueryTerm& term, std::string_view operand) {
  if (auto id = item_id(operand)) {
    term.kind = QueryTerm::Kind::kItem;
    term.item = *id;
  } else if (auto name = upload_name(operand)) {
    term.kind = QueryTerm::Kind::kUpload;
    term.value = *name;
  } else {
    term.kind = catalog::has_picture_extension(operand) ? QueryTerm::Kind::kFile : QueryTerm::Kind::kText;
    term.value = operand;
  }
}

// Reads the operand that follows sign and weight, and moves `at` to the next operator.
void take_operand(std::string_view text, std::size_t& at, QueryTerm& term) {
  constexpr std::string_view kFile = "file:";
  bool file =
      text.substr(at).starts_with(kFile) && at + kFile.size() < text.size() && !is_space(text[at + kFile.size()]);
  std::size_t start = file ? at + kFile.size() : at;
  if (auto end = quoted_end(text, start)) {
    term.value = unquoted(text.substr(start, *end - start));
    term.kind = file ? QueryTerm::Kind::kFile : QueryTerm::Kind::kText;
    at = skip_spaces(text, *end);
  } else {
    std::size_t stop = start;
    while (stop < text.size() && !is_operator(text, stop)) ++stop;
    std::string_view operand = trimmed(text.substr(start, stop - start));
    if (file) {
      term.kind = QueryTerm::Kind::kFile;
      term.value = operand;
    } else {
      set_operand(term, operand);
    }
    at = stop;
  }
}

}  // namespace

std::vector<QueryTerm> parse_query(std::string_view query) {
  std::string_view text = trimmed(query);
  if (text.empty()) reject("it is empty");
  std::vector<QueryTerm> terms;
  for (std::size_t at = 0; at < text.size();) {
    if (terms.size() == kMaxQueryTerms) reject("more than " + std::to_string(kMaxQueryTerms) + " terms");
    std::size_t start = at;
    QueryTerm term;
    float sign = 1;
    if (is_operator(text, at)) {
      if (text[at] == '-') sign = -1;
      at = skip_spaces(text, at + 1);
    }
    term.weight = sign * take_weight(text, at);
    take_operand(text, at, term);
    bool named = term.kind == QueryTerm::Kind::kItem || !trimmed(term.value).empty();
    term.source = trimmed(text.substr(start, at - start));
    if (!named) {
      reject("words or a picture are missing after '" + term.source +
             "' (a + or - that stands alone is an operator; put the words in quotes to search for it)");
    }
    terms.push_back(std::move(term));
  }
  return terms;
}

QueryTerm file_term(std::string name) {
  QueryTerm term;
  term.kind = QueryTerm::Kind::kFile;
  term.source = name;
  term.value = std::move(name);
  return term;
}

}  // namespace clipseek
