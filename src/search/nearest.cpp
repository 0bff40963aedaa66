#include "search/nearest.h"

#include <algorithm>
#include <array>
#include <mutex>

#include "base/error.h"
#include "base/thread_pool.h"
#include "search/dot.h"

namespace clipseek {
namespace {

constexpr std::size_t kBlockRows = 256;

// Starting a thread costs some 20 us, in which one core reads about this much.
constexpr std::size_t kBytesPerThread = std::size_t{1} << 20;

void scan(const VectorMatrix& matrix, std::span<const float> query, std::size_t first, std::size_t last, TopK& best) {
  std::array<float, kBlockRows> scores;
  for (std::size_t row = first; row < last; row += kBlockRows) {
    std::span<float> block(scores.data(), std::min(kBlockRows, last - row));
    dot_rows(query, reinterpret_cast<const std::byte*>(matrix.values.data() + row * matrix.dimension), block);
    for (std::size_t i = 0; i < block.size(); ++i) best.add(matrix.ids[row + i], block[i]);
  }
}

}  // namespace

std::vector<Scored> nearest(const VectorMatrix& matrix, std::span<const float> query, std::size_t k, int threads) {
  if (query.size() != matrix.dimension || matrix.values.size() != matrix.ids.size() * matrix.dimension) {
    throw Error(ErrorCode::kInternal, "the query or the matrix has the wrong shape");
  }
  std::size_t rows = matrix.ids.size();
  std::size_t useful = std::max<std::size_t>(1, matrix.values.size() * sizeof(float) / kBytesPerThread);
  std::size_t workers = std::clamp<std::size_t>(static_cast<std::size_t>(std::max(threads, 1)), 1, useful);
  TopK best(k);
  std::mutex mutex;
  run_workers(static_cast<int>(workers), [&](int worker) {
    auto share = [&](std::size_t index) { return rows * index / workers; };
    TopK own(k);
    scan(matrix, query, share(static_cast<std::size_t>(worker)), share(static_cast<std::size_t>(worker) + 1), own);
    std::lock_guard lock(mutex);
    best.merge(own);
  });
  return best.take();
}

}  // namespace clipseek
