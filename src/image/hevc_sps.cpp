#include "image/hevc_sps.h"

#include <vector>

namespace clipseek::image {
namespace {

// Reads bits from the most significant on; past the end they are 0 and ok() is false.
class BitReader {
 public:
  explicit BitReader(Bytes bytes) : bytes_(bytes) {}
  bool ok() const { return position_ <= bytes_.size() * 8; }

  void skip(std::size_t count) { position_ += count; }

  std::uint32_t bits(int count) {
    std::uint32_t value = 0;
    for (; count > 0; --count, ++position_) {
      const std::size_t byte = position_ / 8;
      const std::uint32_t bit = byte < bytes_.size() ? bytes_[byte] >> (7 - position_ % 8) & 1U : 0U;
      value = value << 1 | bit;
    }
    return value;
  }

  // ue(v): an Exp-Golomb code (9.2).
  std::uint32_t exp_golomb() {
    int zeros = 0;
    while (ok() && bits(1) == 0) ++zeros;
    if (zeros > 31) position_ = bytes_.size() * 8 + 1;
    return ok() ? (1U << zeros) - 1 + bits(zeros) : 0;
  }

 private:
  Bytes bytes_;
  std::size_t position_ = 0;
};

// Returns the first bytes of the payload, which contain the size, without the emulation prevention bytes, the 3 in
// 0 0 3 (7.4.2).
std::vector<std::uint8_t> unescape(Bytes payload) {
  constexpr std::size_t kEnough = 256;
  std::vector<std::uint8_t> out;
  int zeros = 0;
  for (std::size_t i = 0; i < payload.size() && out.size() < kEnough; ++i) {
    if (zeros >= 2 && payload[i] == 3) {
      zeros = 0;
      continue;
    }
    zeros = payload[i] == 0 ? zeros + 1 : 0;
    out.push_back(payload[i]);
  }
  return out;
}

// profile_tier_level(1, sub_layers) of 7.3.3.
void skip_profile(BitReader& reader, std::uint32_t sub_layers) {
  constexpr std::size_t kProfileBits = 88;
  constexpr std::size_t kLevelBits = 8;
  reader.skip(kProfileBits + kLevelBits);
  const std::uint32_t flags = reader.bits(sub_layers > 0 ? 16 : 0);
  for (std::uint32_t i = 0; i < sub_layers; ++i) {
    if ((flags >> (15 - 2 * i) & 1) != 0) reader.skip(kProfileBits);
    if ((flags >> (14 - 2 * i) & 1) != 0) reader.skip(kLevelBits);
  }
}

}  // namespace

std::optional<HevcSize> hevc_sps_size(Bytes nal) {
  constexpr std::size_t kNalHeader = 2;
  constexpr int kSpsType = 33;
  if (nal.empty() || (nal[0] >> 1 & 63) != kSpsType) return std::nullopt;
  if (nal.size() < kNalHeader) return HevcSize{};
  const std::vector<std::uint8_t> payload = unescape(nal.subspan(kNalHeader));
  BitReader reader(payload);
  reader.skip(4);  // sps_video_parameter_set_id
  const std::uint32_t sub_layers = reader.bits(3);
  reader.skip(1);  // sps_temporal_id_nesting_flag
  skip_profile(reader, sub_layers);
  reader.exp_golomb();  // sps_seq_parameter_set_id
  const std::uint32_t chroma_format = reader.exp_golomb();
  if (chroma_format == 3) reader.skip(1);  // separate_colour_plane_flag
  HevcSize size;
  size.width = reader.exp_golomb();
  size.height = reader.exp_golomb();
  return reader.ok() ? size : HevcSize{};
}

}  // namespace clipseek::image
