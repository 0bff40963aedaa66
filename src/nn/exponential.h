// e^x and functions that use it, branch-free, so that loops over them vectorise. Internal to nn/.
#pragma once

#include <bit>
#include <cstdint>

namespace clipseek::nn {

// e^x for x <= 0 within 2 units in the last place: x = n ln 2 + r, |r| <= ln 2 / 2, and e^r by its Taylor polynomial.
// Below -87 the result is 0 instead of a subnormal.
inline __attribute__((always_inline)) float exp_nonpositive(float x) {
  constexpr float kShift = 0x1.8p23F;  // adding it leaves the nearest whole number in the low bits
  float clamped = x < -87.0F ? -87.0F : x;
  float shifted = clamped * 1.44269504F + kShift;
  float n = shifted - kShift;
  float r = clamped - n * 0.693145752F;  // ln 2 in two parts, so that the product with n is exact
  r -= n * 1.42860677e-6F;
  float p = 1.0F / 5040;
  p = p * r + 1.0F / 720;
  p = p * r + 1.0F / 120;
  p = p * r + 1.0F / 24;
  p = p * r + 1.0F / 6;
  p = p * r + 0.5F;
  p = p * r + 1.0F;
  p = p * r + 1.0F;
  std::uint32_t scale = (std::bit_cast<std::uint32_t>(shifted) << 23) + 0x3f800000U;
  float result = p * std::bit_cast<float>(scale);
  return x < -87.0F ? 0.0F : result;
}

// 1 / (1 + e^-x)
inline __attribute__((always_inline)) float sigmoid(float x) {
  float e = exp_nonpositive(x < 0 ? x : -x);
  return (x < 0 ? e : 1.0F) / (1.0F + e);
}

// erf(x) with an error of at most 1.5e-7: Abramowitz and Stegun, "Handbook of Mathematical Functions", 7.1.26.
inline __attribute__((always_inline)) float error_function(float x) {
  float size = x < 0 ? -x : x;
  float t = 1.0F / (1.0F + 0.3275911F * size);
  float p = 1.061405429F;
  p = p * t - 1.453152027F;
  p = p * t + 1.421413741F;
  p = p * t - 0.284496736F;
  p = p * t + 0.254829592F;
  float result = 1.0F - p * t * exp_nonpositive(-size * size);
  return x < 0 ? -result : result;
}

// Rounds a float to bfloat16, to nearest even; NaN stays NaN.
inline __attribute__((always_inline)) std::uint16_t round_to_bf16(float value) {
  std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
  std::uint32_t rounded = (bits + 0x7fffU + (bits >> 16 & 1U)) >> 16;
  std::uint32_t quiet_nan = bits >> 16 | 0x40U;
  return static_cast<std::uint16_t>((bits & 0x7fffffffU) > 0x7f800000U ? quiet_nan : rounded);
}

}  // namespace clipseek::nn
