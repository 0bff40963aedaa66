// The vocabulary of SentencePiece (Kudo and Richardson 2018), as `spiece.model` and `tokenizer.model` files hold it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text/tokenizer.h"

namespace clipseek::text {

// The values are those of the format (sentencepiece_model.proto, SentencePiece.Type).
enum class PieceType : std::uint8_t {
  kNormal = 1,
  kUnknown = 2,
  kControl = 3,      // never produced from text: the start, the end, padding
  kUserDefined = 4,  // matched whole wherever a text contains it
  kUnused = 5,
  kByte = 6,  // "<0x0A>": a byte of a character without a piece
};

struct Piece {
  std::string text;
  float score = 0;
  PieceType type = PieceType::kNormal;
};

struct PieceModel {
  enum class Algorithm { kUnigram, kBpe };

  Algorithm algorithm = Algorithm::kUnigram;
  std::vector<Piece> pieces;  // by id
  TokenId unknown_id = 0;
  TokenId end_id = 0;
  bool byte_fallback = false;     // unknown characters become pieces of bytes
  std::vector<TokenId> byte_ids;  // 256 where byte_fallback, else none

  // How a text is normalised before it is split into pieces.
  std::string character_map;  // see text/character_map.h; empty: characters are unchanged
  bool add_leading_space = true;
  bool remove_extra_spaces = true;
};

// Parses the bytes of such a file: a protocol buffer, message ModelProto. Throws Error kCorrupt naming `name` for bytes
// that are not one or for inconsistent pieces, kUnsupported for an algorithm or option that is not implemented.
PieceModel parse_piece_model(std::string_view bytes, std::string_view name);

inline constexpr std::string_view kPieceSpace = "\xE2\x96\x81";  // U+2581, which stands for a space in pieces

// Returns the piece of a byte, as "<0x0A>".
std::string byte_piece(unsigned char byte);

}  // namespace clipseek::text
