#include "text/unicode.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>

#include "clipseek/error.h"

namespace clipseek::text {
namespace {

constexpr char32_t kCapitalSigma = 0x3A3;
constexpr char32_t kSmallSigma = 0x3C3;
constexpr char32_t kFinalSigma = 0x3C2;
constexpr char32_t kCapitalIWithDot = 0x130;
constexpr char32_t kCombiningDotAbove = 0x307;
// A character below it does not compose with the character before it and is its own normal form.
constexpr char32_t kFirstCombining = 0x300;

UChar32 icu(char32_t c) {
  return static_cast<UChar32>(c);
}
unsigned combining_class(char32_t c) {
  return c < kFirstCombining ? 0 : u_getCombiningClass(icu(c));
}

const UNormalizer2* nfc() {
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2* normalizer = unorm2_getNFCInstance(&status);
  if (U_FAILURE(status)) throw Error(ErrorCode::kInternal, std::string("ICU has no NFC: ") + u_errorName(status));
  return normalizer;
}

// The quick check of UAX #15, section 9. True is certain; a text in NFC may give false.
bool is_surely_nfc(std::u32string_view text) {
  unsigned last_class = 0;
  for (char32_t c : text) {
    if (c < kFirstCombining) {
      last_class = 0;
      continue;
    }
    if (u_getIntPropertyValue(icu(c), UCHAR_NFC_QUICK_CHECK) != UNORM_YES) return false;
    const unsigned this_class = combining_class(c);
    if (this_class != 0 && this_class < last_class) return false;
    last_class = this_class;
  }
  return true;
}

std::u32string decompose(std::u32string_view text, const UNormalizer2* normalizer) {
  std::u32string out;
  out.reserve(text.size());
  std::array<UChar, 16> buffer;  // the longest canonical decomposition has 4 code points
  for (char32_t c : text) {
    UErrorCode status = U_ZERO_ERROR;
    const std::int32_t length = unorm2_getDecomposition(normalizer, icu(c), buffer.data(), buffer.size(), &status);
    if (length < 0 || U_FAILURE(status)) {
      out += c;
      continue;
    }
    for (std::int32_t i = 0; i < length;) {
      UChar32 part;
      U16_NEXT(buffer.data(), i, length, part);
      out += static_cast<char32_t>(part);
    }
  }
  return out;
}

void order_marks(std::u32string& text) {
  for (auto begin = text.begin(); begin != text.end();) {
    if (combining_class(*begin) == 0) {
      ++begin;
      continue;
    }
    const auto end = std::find_if(begin, text.end(), [](char32_t c) { return combining_class(c) == 0; });
    std::stable_sort(begin, end, [](char32_t a, char32_t b) { return combining_class(a) < combining_class(b); });
    begin = end;
  }
}

// Composes each character with the last starter where no character between blocks it (D115 and D117 of the Unicode
// standard).
std::u32string compose(std::u32string_view text, const UNormalizer2* normalizer) {
  std::u32string out;
  out.reserve(text.size());
  std::size_t starter = std::u32string::npos;
  unsigned last_class = 0;
  for (char32_t c : text) {
    const unsigned this_class = combining_class(c);
    const bool has_starter = starter != std::u32string::npos;
    if (has_starter && (out.size() == starter + 1 || last_class < this_class)) {
      const UChar32 composite = unorm2_composePair(normalizer, icu(out[starter]), icu(c));
      if (composite >= 0) {
        out[starter] = static_cast<char32_t>(composite);
        continue;
      }
    }
    if (this_class == 0) starter = out.size();
    last_class = this_class;
    out += c;
  }
  return out;
}

void append_lower(char32_t c, std::u32string& out) {
  if (c == kCapitalIWithDot) {  // the only lower case of more than one code point
    out += U'i';
    out += kCombiningDotAbove;
  } else {
    out += static_cast<char32_t>(u_tolower(icu(c)));
  }
}

// The Final_Sigma condition of Unicode's SpecialCasing.txt: a cased letter before it and none after it, where
// case-ignorable characters between are skipped.
bool is_final_sigma(std::u32string_view text, std::size_t at) {
  const auto ignorable = [](char32_t c) { return u_hasBinaryProperty(icu(c), UCHAR_CASE_IGNORABLE) != 0; };
  const auto cased = [](char32_t c) { return u_hasBinaryProperty(icu(c), UCHAR_CASED) != 0; };
  std::size_t before = at;
  while (before > 0 && ignorable(text[before - 1])) --before;
  if (before == 0 || !cased(text[before - 1])) return false;
  std::size_t after = at + 1;
  while (after < text.size() && ignorable(text[after])) ++after;
  return after == text.size() || !cased(text[after]);
}

}  // namespace

std::u32string decode_utf8(std::string_view bytes) {
  std::u32string out;
  out.reserve(bytes.size());
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  const auto size = static_cast<std::int32_t>(bytes.size());
  for (std::int32_t i = 0; i < size;) {
    UChar32 c;
    U8_NEXT_OR_FFFD(data, i, size, c);
    out += static_cast<char32_t>(c);
  }
  return out;
}

void append_utf8(char32_t code_point, std::string& out) {
  std::array<char, U8_MAX_LENGTH> buffer;
  std::int32_t length = 0;
  U8_APPEND_UNSAFE(buffer.data(), length, code_point);
  out.append(buffer.data(), static_cast<std::size_t>(length));
}

std::u32string to_nfc(std::u32string text) {
  if (is_surely_nfc(text)) return text;
  const UNormalizer2* normalizer = nfc();
  text = decompose(text, normalizer);
  order_marks(text);
  return compose(text, normalizer);
}

std::u32string to_nfd(std::u32string_view text) {
  std::u32string decomposed = decompose(text, nfc());
  order_marks(decomposed);
  return decomposed;
}

std::u32string to_lower_each(std::u32string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (char32_t c : text) append_lower(c, out);
  return out;
}

std::u32string to_lower(std::u32string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == kCapitalSigma) {
      out += is_final_sigma(text, i) ? kFinalSigma : kSmallSigma;
    } else {
      append_lower(text[i], out);
    }
  }
  return out;
}

bool is_space(char32_t c) {
  return u_isUWhiteSpace(icu(c)) != 0;
}
bool is_letter(char32_t c) {
  return (U_GET_GC_MASK(icu(c)) & U_GC_L_MASK) != 0;
}
bool is_number(char32_t c) {
  return (U_GET_GC_MASK(icu(c)) & U_GC_N_MASK) != 0;
}
bool is_punctuation(char32_t c) {
  return (U_GET_GC_MASK(icu(c)) & U_GC_P_MASK) != 0;
}
bool is_control(char32_t c) {
  return (U_GET_GC_MASK(icu(c)) & (U_GC_CC_MASK | U_GC_CF_MASK)) != 0;
}
bool is_space_separator(char32_t c) {
  return (U_GET_GC_MASK(icu(c)) & U_GC_ZS_MASK) != 0;
}
bool is_nonspacing_mark(char32_t c) {
  return (U_GET_GC_MASK(icu(c)) & U_GC_MN_MASK) != 0;
}

}  // namespace clipseek::text
