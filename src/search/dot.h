// Dot products of queries with many rows: the inner loop of exact search.
#pragma once

#include <cstddef>
#include <span>

namespace clipseek::search {

// Computes scores[i] = query . row i for scores.size() rows of query.size() little-endian f32 each, stored one after
// the other from `rows`, at any alignment (a blob in a database page is not aligned). Every row and every call on one
// machine adds the lanes in the same order, so equal rows get equal scores. Any thread.
void dot_rows(std::span<const float> query, const std::byte* rows, std::span<float> scores);

// The same for several queries at once: scores[q * count + i] = queries[q] . row i, for `count` rows of `dimension`
// floats. The scores equal those of dot_rows bit for bit. Each row is read once for several queries.
void dot_rows_of_many(std::span<const float* const> queries, std::size_t dimension, const float* rows,
                      std::size_t count, float* scores);

}  // namespace clipseek::search
