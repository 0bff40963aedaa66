#include <cmath>

#include "catalog/catalog.h"

namespace clipseek {

Embedding mix(const std::vector<QueryPart>& parts) {
  if (parts.empty()) throw Error(ErrorCode::kInvalidArgument, "a query needs a sentence or a picture");
  std::vector<double> sum(parts.front().embedding.size());
  double weights = 0;
  for (const QueryPart& part : parts) {
    if (part.embedding.size() != sum.size()) {
      throw Error(ErrorCode::kInvalidArgument,
                  "the parts of the query come from different models: " + std::to_string(sum.size()) + " and " +
                      std::to_string(part.embedding.size()) + " numbers");
    }
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += double{part.weight} * double{part.embedding[i]};
    weights += std::abs(double{part.weight});
  }
  double square = 0;
  for (double value : sum) square += value * value;
  double length = std::sqrt(square);
  // Below float's precision only rounding errors are left of what cancelled out. Also false for NaN.
  if (!(length > weights * 1e-6) || !std::isfinite(length)) {
    throw Error(ErrorCode::kInvalidArgument, "the parts of the query cancel each other out");
  }
  Embedding result;
  for (double value : sum) result.push_back(static_cast<float>(value / length));
  return result;
}

}  // namespace clipseek
