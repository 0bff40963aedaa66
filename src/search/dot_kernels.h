// The loops of dot.h for each vector width of the CPU. Internal to search/.
#pragma once

#include <cstddef>
#include <optional>

// A vector of the lanes of `a` and `b` that the further arguments name, as many as `a` has.
#if defined(__clang__) || __GNUC__ >= 12
#define CLIPSEEK_SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define CLIPSEEK_SHUFFLE(a, b, ...) __builtin_shuffle(a, b, decltype((a) == (b)){__VA_ARGS__})
#endif

namespace clipseek::search {

// The functions compute the same as dot_rows and dot_rows_of_many, for `count` rows.
struct DotKernels {
  void (*rows)(const float* query, const std::byte* rows, std::size_t dimension, float* scores, std::size_t count);
  void (*rows_of_many)(const float* const* queries, std::size_t query_count, const float* rows, std::size_t dimension,
                       float* scores, std::size_t count);
};

std::optional<DotKernels> avx512_dot_kernels();  // std::nullopt where this CPU lacks the instructions
std::optional<DotKernels> avx2_dot_kernels();
DotKernels any_dot_kernels();

}  // namespace clipseek::search
