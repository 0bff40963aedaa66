#include "catalog/calibration.h"

#include <algorithm>
#include <atomic>
#include <cmath>

#include "base/parallel.h"
#include "catalog/neutral_sentences.h"
#include "search/dot.h"

namespace clipseek::catalog {
namespace {

// The point that a normally distributed number exceeds with probability `p` (Abramowitz and Stegun, Handbook of
// Mathematical Functions, 26.2.23; its error is below 0.00045).
float upper_quantile(double p) {
  if (p > 0.5) return -upper_quantile(1 - p);
  double t = std::sqrt(-2 * std::log(p));
  double rational = (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  return static_cast<float>(t - rational);
}

float median(std::vector<float>& values) {
  auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::span<const float> row_of(const search::VectorMatrix& matrix, std::size_t row) {
  return std::span(matrix.values).subspan(row * matrix.dimension, matrix.dimension);
}

// Returns the `index`-th neutral query of the shape of `terms` and appends the sample's rows that it uses to `rows`.
// std::nullopt when its parts cancel each other out.
std::optional<Embedding> neutral_query(const std::vector<QueryTerm>& terms, std::size_t index,
                                       const std::vector<Embedding>& sentences, const search::VectorMatrix& sample,
                                       std::vector<std::size_t>& rows) {
  // Steps by primes make the parts of one query differ, and their combinations differ between queries.
  constexpr std::size_t kSentenceStep = 7;
  constexpr std::size_t kRowStep = 61;
  std::vector<QueryPart> parts;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    if (terms[i].is_picture()) {
      std::size_t row = (index * kRowStep + i * kSentenceStep) % sample.ids.size();
      std::span<const float> vector = row_of(sample, row);
      rows.push_back(row);
      parts.push_back({terms[i].weight, Embedding(vector.begin(), vector.end())});
    } else {
      parts.push_back({terms[i].weight, sentences[(index + i * kSentenceStep) % sentences.size()]});
    }
  }
  try {
    return mix(parts);
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

bool is_chinese(const std::vector<QueryTerm>& terms) {
  // Han characters of the basic plane are three bytes in UTF-8, of which the first is 0xE4 to 0xE9.
  auto han = [](char letter) {
    return static_cast<unsigned char>(letter) >= 0xE4 && static_cast<unsigned char>(letter) <= 0xE9;
  };
  return std::any_of(terms.begin(), terms.end(), [&](const QueryTerm& term) {
    return !term.is_picture() && std::any_of(term.value.begin(), term.value.end(), han);
  });
}

const std::vector<Embedding>& Calibrator::sentences(bool chinese) {
  std::lock_guard lock(mutex_);
  std::vector<Embedding>& embeddings = chinese ? chinese_ : english_;
  if (!embeddings.empty()) return embeddings;
  std::span<const char* const> texts = chinese ? std::span<const char* const>(kNeutralChinese) : kNeutralEnglish;
  if (auto cached = cache_.load(encoder_.info(), texts)) {
    embeddings = *std::move(cached);
    return embeddings;
  }
  std::vector<Embedding> made(texts.size());
  std::atomic<std::size_t> next = 0;
  base::run_workers(base::available_cores(), [&](int) {
    for (std::size_t i = next++; i < texts.size(); i = next++) made[i] = encoder_.encode_text(texts[i]);
  });
  cache_.store(encoder_.info(), texts, made);
  embeddings = std::move(made);
  return embeddings;
}

std::optional<Calibration> Calibrator::calibrate(const std::vector<QueryTerm>& terms, const LibrarySample& sample) {
  const search::VectorMatrix& vectors = sample.vectors;
  if (vectors.ids.empty()) return std::nullopt;
  const std::vector<Embedding>& neutral = sentences(is_chinese(terms));
  std::vector<float> all;
  std::vector<float> scores(vectors.ids.size());
  for (std::size_t index = 0; index < neutral.size(); ++index) {
    std::vector<std::size_t> own;
    std::optional<Embedding> query = neutral_query(terms, index, neutral, vectors, own);
    if (!query) continue;
    search::dot_rows(*query, std::as_bytes(std::span(vectors.values)).data(), scores);
    for (std::size_t row = 0; row < scores.size(); ++row) {
      if (std::find(own.begin(), own.end(), row) == own.end()) all.push_back(scores[row]);
    }
  }
  // Fewer scores than this do not describe a distribution.
  constexpr std::size_t kMinScores = 24;
  if (all.size() < kMinScores) return std::nullopt;
  Calibration calibration;
  calibration.center = median(all);
  for (float& score : all) score = std::abs(score - calibration.center);
  calibration.spread = 1.4826F * median(all);
  if (!(calibration.spread > 0)) return std::nullopt;
  // In a library of a few pictures, "fewer than one by chance" alone would not be a useful threshold.
  constexpr std::size_t kMinPictures = 20;
  auto pictures = static_cast<double>(std::max(sample.pictures, kMinPictures));
  calibration.fair = calibration.center + upper_quantile(1 / pictures) * calibration.spread;
  calibration.strong = calibration.center + upper_quantile(0.1 / pictures) * calibration.spread;
  return calibration;
}

}  // namespace clipseek::catalog
