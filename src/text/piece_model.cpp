#include "text/piece_model.h"

#include <bit>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

#include "clipseek/error.h"

namespace clipseek::text {
namespace {

constexpr std::size_t kMaxPieces = std::size_t{1} << 21;
constexpr std::size_t kMaxPieceBytes = 1024;

class Failure {
 public:
  explicit Failure(std::string_view name) : name_(name) {}
  [[noreturn]] void corrupt(const std::string& what) const { fail(ErrorCode::kCorrupt, what); }
  [[noreturn]] void unsupported(const std::string& what) const { fail(ErrorCode::kUnsupported, what); }

 private:
  [[noreturn]] void fail(ErrorCode code, const std::string& what) const {
    throw Error(code, std::string(name_) + ": " + what);
  }
  std::string_view name_;
};

// The fields of a message in the wire format of protocol buffers (protobuf.dev, "Encoding"), one after the other.
class MessageReader {
 public:
  MessageReader(std::string_view bytes, const Failure& failure) : rest_(bytes), failure_(failure) {}

  bool next() {
    if (rest_.empty()) return false;
    const std::uint64_t tag = varint();
    field_ = tag >> 3;
    bytes_ = {};
    number_ = 0;
    wire_ = tag & 7;
    if (wire_ == kVarint) {
      number_ = varint();
    } else if (wire_ == kLengthDelimited) {
      bytes_ = take(varint());
    } else if (wire_ == kFixed32) {
      bytes_ = take(4);
    } else if (wire_ == kFixed64) {
      bytes_ = take(8);
    } else {
      failure_.corrupt("not a SentencePiece model");
    }
    return true;
  }

  std::uint64_t field() const { return field_; }
  std::uint64_t number() const { return expect(kVarint), number_; }
  bool flag() const { return number() != 0; }
  std::string_view bytes() const { return expect(kLengthDelimited), bytes_; }
  float real() const {
    expect(kFixed32);
    std::uint32_t bits = 0;
    for (std::size_t i = 4; i-- > 0;) bits = bits << 8 | static_cast<unsigned char>(bytes_[i]);
    return std::bit_cast<float>(bits);
  }

 private:
  static constexpr std::uint64_t kVarint = 0, kFixed64 = 1, kLengthDelimited = 2, kFixed32 = 5;

  void expect(std::uint64_t wire) const {
    if (wire_ != wire) failure_.corrupt("field " + std::to_string(field_) + " of the SentencePiece model is damaged");
  }
  std::string_view take(std::uint64_t size) {
    if (size > rest_.size()) failure_.corrupt("the SentencePiece model is cut off");
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(take(1).front());
      value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
    failure_.corrupt("not a SentencePiece model");
  }

  std::string_view rest_;
  const Failure& failure_;
  std::uint64_t field_ = 0, wire_ = 0, number_ = 0;
  std::string_view bytes_;
};

Piece read_piece(std::string_view message, const Failure& failure) {
  Piece piece;
  MessageReader reader(message, failure);
  while (reader.next()) {
    if (reader.field() == 1) piece.text = reader.bytes();
    if (reader.field() == 2) piece.score = reader.real();
    if (reader.field() == 3) {
      if (reader.number() < 1 || reader.number() > 6) failure.corrupt("a piece has an unknown type");
      piece.type = static_cast<PieceType>(reader.number());
    }
  }
  return piece;
}

// TrainerSpec. The numbers of the fields are those of sentencepiece_model.proto.
void read_trainer(std::string_view message, const Failure& failure, PieceModel& model, std::string& end_piece) {
  constexpr std::uint64_t kUnigram = 1, kBpe = 2;
  MessageReader reader(message, failure);
  while (reader.next()) {
    if (reader.field() == 3) {
      if (reader.number() != kUnigram && reader.number() != kBpe) {
        failure.unsupported("the SentencePiece model is neither of type unigram nor of type BPE");
      }
      model.algorithm = reader.number() == kBpe ? PieceModel::Algorithm::kBpe : PieceModel::Algorithm::kUnigram;
    }
    if (reader.field() == 24 && reader.flag()) failure.unsupported("treat_whitespace_as_suffix is set");
    if (reader.field() == 35) model.byte_fallback = reader.flag();
    if (reader.field() == 47) end_piece = reader.bytes();
  }
}

void read_normalizer(std::string_view message, const Failure& failure, PieceModel& model) {
  MessageReader reader(message, failure);
  while (reader.next()) {
    if (reader.field() == 2) model.character_map = reader.bytes();
    if (reader.field() == 3) model.add_leading_space = reader.flag();
    if (reader.field() == 4) model.remove_extra_spaces = reader.flag();
    if (reader.field() == 5 && !reader.flag()) failure.unsupported("escape_whitespaces is not set");
  }
}

void check_piece(const Piece& piece, std::size_t id, const Failure& failure) {
  if (piece.text.empty() || piece.text.size() > kMaxPieceBytes) {
    failure.corrupt("piece " + std::to_string(id) + " has " + std::to_string(piece.text.size()) + " bytes");
  }
  if (!std::isfinite(piece.score)) failure.corrupt("the score of piece " + std::to_string(id) + " is not a number");
}

void find_special_pieces(PieceModel& model, const std::string& end_piece, const Failure& failure) {
  int unknown = 0, end = 0;
  std::unordered_set<std::string_view> seen;
  for (std::size_t id = 0; id < model.pieces.size(); ++id) {
    const Piece& piece = model.pieces[id];
    check_piece(piece, id, failure);
    if (!seen.insert(piece.text).second) failure.corrupt("piece " + std::to_string(id) + " repeats an earlier piece");
    if (piece.type == PieceType::kUnknown) {
      ++unknown;
      model.unknown_id = static_cast<TokenId>(id);
    } else if (piece.type == PieceType::kControl && piece.text == end_piece) {
      ++end;
      model.end_id = static_cast<TokenId>(id);
    } else if (piece.type == PieceType::kUnused && model.algorithm == PieceModel::Algorithm::kBpe) {
      failure.unsupported("piece " + std::to_string(id) + " of the BPE model is unused");
    }
  }
  if (unknown != 1) failure.corrupt(std::to_string(unknown) + " pieces of type UNKNOWN instead of one");
  if (end != 1) failure.corrupt("no end token \"" + end_piece.substr(0, 100) + "\"");
}

void find_byte_pieces(PieceModel& model, const Failure& failure) {
  std::unordered_map<std::string_view, TokenId> ids;
  for (std::size_t id = 0; id < model.pieces.size(); ++id) {
    if (model.pieces[id].type == PieceType::kByte) ids.emplace(model.pieces[id].text, static_cast<TokenId>(id));
  }
  for (unsigned byte = 0; byte < 256; ++byte) {
    const auto found = ids.find(byte_piece(static_cast<unsigned char>(byte)));
    if (found == ids.end()) failure.corrupt("no piece " + byte_piece(static_cast<unsigned char>(byte)));
    model.byte_ids.push_back(found->second);
  }
}

}  // namespace

std::string byte_piece(unsigned char byte) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  return std::string("<0x") + kDigits[byte >> 4] + kDigits[byte & 15] + ">";
}

PieceModel parse_piece_model(std::string_view bytes, std::string_view name) {
  const Failure failure(name);
  PieceModel model;
  std::string end_piece = "</s>";
  MessageReader reader(bytes, failure);
  while (reader.next()) {
    if (reader.field() == 1) {
      if (model.pieces.size() == kMaxPieces) failure.corrupt("more than " + std::to_string(kMaxPieces) + " pieces");
      model.pieces.push_back(read_piece(reader.bytes(), failure));
    }
    if (reader.field() == 2) read_trainer(reader.bytes(), failure, model, end_piece);
    if (reader.field() == 3) read_normalizer(reader.bytes(), failure, model);
  }
  find_special_pieces(model, end_piece, failure);
  if (model.byte_fallback) find_byte_pieces(model, failure);
  return model;
}

}  // namespace clipseek::text
