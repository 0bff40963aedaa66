#include "search/nearest.h"

#include <algorithm>
#include <array>
#include <mutex>

#include "base/parallel.h"
#include "clipseek/error.h"
#include "search/dot.h"

namespace clipseek::search {
namespace {

constexpr std::size_t kBlockRows = 256;

// Starting a thread takes about 20 us, in which one core reads about this number of bytes.
constexpr std::size_t kBytesPerThread = std::size_t{1} << 20;

void scan(const VectorMatrix& matrix, std::span<const float> query, std::size_t first, std::size_t last, TopK& best) {
  std::array<float, kBlockRows> scores;
  for (std::size_t row = first; row < last; row += kBlockRows) {
    std::span<float> block(scores.data(), std::min(kBlockRows, last - row));
    dot_rows(query, reinterpret_cast<const std::byte*>(matrix.values.data() + row * matrix.dimension), block);
    for (std::size_t i = 0; i < block.size(); ++i) best.add(matrix.ids[row + i], block[i]);
  }
}

// The number of rows that are scored at once for all queries: with 768 numbers each they stay in the second-level cache
// from query to query.
constexpr std::size_t kTileRows = 64;

using Bests = std::vector<TopK>;

void scan_many(const VectorMatrix& matrix, std::span<const float* const> queries, std::size_t first, std::size_t last,
               std::vector<float>& scores, Bests& bests) {
  for (std::size_t row = first; row < last; row += kTileRows) {
    std::size_t count = std::min(kTileRows, last - row);
    dot_rows_of_many(queries, matrix.dimension, matrix.values.data() + row * matrix.dimension, count, scores.data());
    for (std::size_t q = 0; q < queries.size(); ++q) {
      for (std::size_t i = 0; i < count; ++i) bests[q].add(matrix.ids[row + i], scores[q * count + i]);
    }
  }
}

void check_shape(const VectorMatrix& matrix, std::span<const float> query) {
  if (query.size() != matrix.dimension || matrix.values.size() != matrix.ids.size() * matrix.dimension) {
    throw Error(ErrorCode::kInternal, "the query or the matrix has the wrong shape");
  }
}

Bests empty_bests(std::span<const NearestQuery> queries) {
  Bests bests;
  for (const NearestQuery& query : queries) bests.emplace_back(query.k);
  return bests;
}

std::size_t useful_threads(std::size_t numbers, int threads) {
  std::size_t useful = std::max<std::size_t>(1, numbers * sizeof(float) / kBytesPerThread);
  return std::clamp<std::size_t>(static_cast<std::size_t>(std::max(threads, 1)), 1, useful);
}

}  // namespace

std::vector<std::vector<Scored>> nearest_of_many(std::span<const VectorMatrix* const> matrices,
                                                 std::span<const NearestQuery> queries, int threads) {
  std::size_t numbers = 0;
  for (const VectorMatrix* matrix : matrices) {
    for (const NearestQuery& query : queries) check_shape(*matrix, query.vector);
    numbers += matrix->values.size();
  }
  std::vector<const float*> vectors;
  for (const NearestQuery& query : queries) vectors.push_back(query.vector.data());
  std::size_t workers = useful_threads(numbers, threads);
  Bests bests = empty_bests(queries);
  std::mutex mutex;
  base::run_workers(static_cast<int>(workers), [&](int worker) {
    Bests local = empty_bests(queries);
    std::vector<float> scores(queries.size() * kTileRows);
    for (const VectorMatrix* matrix : matrices) {
      auto share = [&](int index) { return matrix->ids.size() * static_cast<std::size_t>(index) / workers; };
      scan_many(*matrix, vectors, share(worker), share(worker + 1), scores, local);
    }
    std::lock_guard lock(mutex);
    for (std::size_t q = 0; q < queries.size(); ++q) bests[q].merge(local[q]);
  });
  std::vector<std::vector<Scored>> results;
  for (TopK& best : bests) results.push_back(best.take());
  return results;
}

std::vector<Scored> nearest(const VectorMatrix& matrix, std::span<const float> query, std::size_t k, int threads) {
  check_shape(matrix, query);
  std::size_t rows = matrix.ids.size();
  std::size_t workers = useful_threads(matrix.values.size(), threads);
  TopK best(k);
  std::mutex mutex;
  base::run_workers(static_cast<int>(workers), [&](int worker) {
    auto share = [&](std::size_t index) { return rows * index / workers; };
    TopK local(k);
    scan(matrix, query, share(static_cast<std::size_t>(worker)), share(static_cast<std::size_t>(worker) + 1), local);
    std::lock_guard lock(mutex);
    best.merge(local);
  });
  return best.take();
}

}  // namespace clipseek::search
