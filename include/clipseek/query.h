// Queries: words and pictures with weights and signs, as "2*beach + photo.jpg - people", and their way to a vector.
// docs/query.md describes the grammar.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clipseek/encoder.h"
#include "clipseek/export.h"

namespace clipseek {

struct QueryTerm {
  enum class Kind {
    kText,    // value: the words
    kFile,    // value: the name of a picture file
    kItem,    // item: the id of a stored picture
    kUpload,  // value: the name of an uploaded picture
  };
  Kind kind = Kind::kText;
  float weight = 1;  // negative after a "-"; never 0
  std::string value;
  std::int64_t item = 0;
  std::string source;  // the term with its operator, as it stands in the query

  bool is_picture() const { return kind != Kind::kText; }
};

inline constexpr std::size_t kMaxQueryTerms = 16;

// Throws Error kInvalidArgument, saying what is wrong where, for an empty query or term, a weight that is not above 0
// and at most 100, and too many terms. Takes any bytes. Any thread.
CLIPSEEK_API std::vector<QueryTerm> parse_query(std::string_view query);

// A term of weight 1 for the picture file `name`.
CLIPSEEK_API QueryTerm file_term(std::string name);

// Where the embeddings of a query's terms come from. A source that is empty cannot be asked: a term that needs it is an
// Error kInvalidArgument. A source throws Error where it fails.
struct QuerySources {
  std::function<Embedding(const std::string& text)> text;
  std::function<Embedding(const std::string& name)> file;
  std::function<std::optional<Embedding>(std::int64_t id)> item;  // nullopt: Error kNotFound for the query
  std::function<Embedding(const std::string& name)> upload;
};

// Sentences and picture files by `encoder`, stored pictures by `item`, no uploads. `encoder` must outlive the result.
CLIPSEEK_API QuerySources encoder_sources(Encoder& encoder,
                                          std::function<std::optional<Embedding>(std::int64_t id)> item,
                                          std::stop_token stop = {});

// The query vector of `terms`: mix() of their embeddings, each asked of its source once. Throws what the sources throw.
// Any thread, where the sources allow it.
CLIPSEEK_API Embedding embed_query(const std::vector<QueryTerm>& terms, const QuerySources& sources);

struct QueryPart {
  float weight = 1;
  Embedding embedding;
};
// The unit vector along the weighted sum of `parts`. Throws Error kInvalidArgument when the parts cancel out or have
// different lengths. Any thread.
CLIPSEEK_API Embedding mix(const std::vector<QueryPart>& parts);

}  // namespace clipseek
