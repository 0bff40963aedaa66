#include "search/dot.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "search/dot_kernels.h"

namespace clipseek::search {
namespace {

std::vector<float> random_values(std::size_t count, unsigned seed) {
  std::mt19937 generator(seed);
  std::uniform_real_distribution<float> distribution(-1, 1);
  std::vector<float> values(count);
  for (float& value : values) value = distribution(generator);
  return values;
}

double exact_dot(const float* a, const float* b, std::size_t dimension) {
  double sum = 0;
  for (std::size_t i = 0; i < dimension; ++i) sum += double{a[i]} * double{b[i]};
  return sum;
}

TEST(DotRows, MatchesDoublePrecisionForAnyDimensionAndAlignment) {
  constexpr std::size_t kRows = 5;
  for (std::size_t dimension : {1, 3, 31, 32, 33, 64, 100, 512, 768, 1023}) {
    std::vector<float> query = random_values(dimension, 1);
    std::vector<float> rows = random_values(dimension * kRows, 2);
    for (std::size_t offset = 0; offset < 5; ++offset) {
      // The buffer is exactly as long as the rows, so that AddressSanitizer detects a read beyond the end.
      std::vector<std::byte> bytes(offset + rows.size() * sizeof(float));
      std::memcpy(bytes.data() + offset, rows.data(), rows.size() * sizeof(float));
      std::vector<float> scores(kRows);
      dot_rows(query, bytes.data() + offset, scores);
      for (std::size_t i = 0; i < kRows; ++i) {
        double expected = exact_dot(query.data(), rows.data() + i * dimension, dimension);
        EXPECT_NEAR(scores[i], expected, 1e-6 * static_cast<double>(dimension)) << dimension << " at " << offset;
      }
    }
  }
}

TEST(DotRows, ScoresEqualRowsEqually) {
  constexpr std::size_t kDimension = 512;
  std::vector<float> query = random_values(kDimension, 3);
  std::vector<float> row = random_values(kDimension, 4);
  std::vector<float> rows;
  for (int i = 0; i < 7; ++i) rows.insert(rows.end(), row.begin(), row.end());
  std::vector<float> scores(7);
  dot_rows(query, reinterpret_cast<const std::byte*>(rows.data()), scores);
  float alone = 0;
  dot_rows(query, reinterpret_cast<const std::byte*>(row.data()), {&alone, 1});
  for (float score : scores) EXPECT_EQ(score, alone);
}

TEST(DotRows, PropagatesNan) {
  std::vector<float> query(40, 0.0F);
  std::vector<float> row(40, 1.0F);
  row[37] = std::numeric_limits<float>::quiet_NaN();
  float score = 0;
  dot_rows(query, reinterpret_cast<const std::byte*>(row.data()), {&score, 1});
  EXPECT_TRUE(std::isnan(score));
}

// All kernels that this CPU can run, with numbers of queries and rows that are not multiples of the tile size.
TEST(DotKernels, EachWidthMatchesDoublePrecisionAndItself) {
  std::vector<DotKernels> all{any_dot_kernels()};
  if (auto avx2 = avx2_dot_kernels()) all.push_back(*avx2);
  if (auto avx512 = avx512_dot_kernels()) all.push_back(*avx512);
  for (std::size_t dimension : {1, 7, 8, 31, 33, 64, 100}) {
    constexpr std::size_t kRows = 11;
    constexpr std::size_t kQueries = 6;
    std::vector<float> queries = random_values(dimension * kQueries, 5);
    std::vector<float> rows = random_values(dimension * kRows, 6);
    std::vector<const float*> begins;
    for (std::size_t q = 0; q < kQueries; ++q) begins.push_back(queries.data() + q * dimension);
    for (std::size_t k = 0; k < all.size(); ++k) {
      std::vector<float> scores(kQueries * kRows);
      all[k].rows_of_many(begins.data(), kQueries, rows.data(), dimension, scores.data(), kRows);
      for (std::size_t q = 0; q < kQueries; ++q) {
        std::vector<float> alone(kRows);
        all[k].rows(begins[q], reinterpret_cast<const std::byte*>(rows.data()), dimension, alone.data(), kRows);
        for (std::size_t i = 0; i < kRows; ++i) {
          double expected = exact_dot(begins[q], rows.data() + i * dimension, dimension);
          EXPECT_NEAR(alone[i], expected, 1e-6 * static_cast<double>(dimension)) << k << ", " << dimension;
          EXPECT_EQ(scores[q * kRows + i], alone[i]) << k << ", " << dimension << ": query " << q << ", row " << i;
        }
      }
    }
  }
}

}  // namespace
}  // namespace clipseek::search
