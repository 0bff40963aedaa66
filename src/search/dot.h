// Dot products of one query with many rows: the inner loop of exact search.
#pragma once

#include <cstddef>
#include <span>

namespace clipseek::search {

// scores[i] = query . row i, for scores.size() rows of query.size() little-endian f32 each, one after the other from
// `rows`, at any alignment (a blob inside a database page has none). Sums run in lanes, in the same order for every
// row and every call on one machine, so equal rows get equal scores. Any thread.
void dot_rows(std::span<const float> query, const std::byte* rows, std::span<float> scores);

// The same for several queries at once: scores[q * count + i] = queries[q] . row i, for `count` rows of `dimension`
// floats, bit for bit what dot_rows gives. Each row is read once for several queries.
void dot_rows_of_many(std::span<const float* const> queries, std::size_t dimension, const float* rows,
                      std::size_t count, float* scores);

}  // namespace clipseek::search
