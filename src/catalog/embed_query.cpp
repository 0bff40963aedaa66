#include <cmath>
#include <utility>

#include "clipseek/query.h"

namespace clipseek {

namespace {

Embedding embed_term(const QueryTerm& term, const QuerySources& sources) {
  switch (term.kind) {
    case QueryTerm::Kind::kText:
      if (sources.text) return sources.text(term.value);
      break;
    case QueryTerm::Kind::kFile:
      if (sources.file) return sources.file(term.value);
      break;
    case QueryTerm::Kind::kItem: {
      if (!sources.item) break;
      std::optional<Embedding> stored = sources.item(term.item);
      if (stored) return *std::move(stored);
      throw Error(ErrorCode::kNotFound, "the database has no picture item:" + std::to_string(term.item));
    }
    case QueryTerm::Kind::kUpload:
      if (sources.upload) return sources.upload(term.value);
      throw Error(ErrorCode::kInvalidArgument,
                  "upload:" + term.value + " names a picture that was uploaded to a server; give a file instead");
  }
  throw Error(ErrorCode::kInvalidArgument, "the query term '" + term.source + "' is not supported here");
}

}  // namespace

QuerySources encoder_sources(Encoder& encoder, std::function<std::optional<Embedding>(std::int64_t id)> item,
                             std::stop_token stop) {
  QuerySources sources;
  sources.text = [&encoder, stop](const std::string& text) { return encoder.encode_text(text, stop); };
  sources.file = [&encoder, stop](const std::string& name) {
    ImageInput input;
    input.path = name;
    return encoder.encode_image(std::move(input), stop).embedding;
  };
  sources.item = std::move(item);
  return sources;
}

Embedding embed_query(const std::vector<QueryTerm>& terms, const QuerySources& sources) {
  std::vector<QueryPart> parts;
  for (const QueryTerm& term : terms) parts.push_back({term.weight, embed_term(term, sources)});
  return mix(parts);
}

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
  // A sum below float precision consists of rounding errors: the parts cancelled out. The comparison fails for NaN too.
  if (!(length > weights * 1e-6) || !std::isfinite(length)) {
    throw Error(ErrorCode::kInvalidArgument, "the parts of the query cancel each other out");
  }
  Embedding result;
  for (double value : sum) result.push_back(static_cast<float>(value / length));
  return result;
}

}  // namespace clipseek
