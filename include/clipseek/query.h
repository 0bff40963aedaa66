// Queries: words and pictures with weights and signs, such as "2*beach + photo.jpg - people", and their conversion to a
// vector. docs/query.md describes the grammar.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "clipseek/encoder.h"
#include "clipseek/export.h"

namespace clipseek {

struct QueryTerm {
  enum class Kind {
    kText,    // value: the words
    kFile,    // value: the path of a picture file
    kItem,    // item: the id of a stored picture
    kUpload,  // value: the name of an uploaded picture
  };
  Kind kind = Kind::kText;
  float weight = 1;  // negative after a "-"; never 0
  std::string value;
  std::int64_t item = 0;
  std::string source;  // the term with its operator, as written in the query

  bool is_picture() const { return kind != Kind::kText; }
};

inline constexpr std::size_t kMaxQueryTerms = 16;

// Returns the terms of `query` in their order. Any bytes are accepted. Throws Error kInvalidArgument, whose message
// states the problem, for an empty query or term, a weight that is not above 0 and at most 100, and more than
// kMaxQueryTerms terms. Any thread.
CLIPSEEK_API std::vector<QueryTerm> parse_query(std::string_view query);

// Returns a term of weight 1 for the picture file at `path`. Any thread.
CLIPSEEK_API QueryTerm file_term(std::string path);

// Functions that return the embeddings of a query's terms. A function may be empty: then a term that needs it causes an
// Error kInvalidArgument. A function that fails throws an Error.
struct QuerySources {
  std::function<Embedding(const std::string& text)> text;
  std::function<Embedding(const std::string& path)> file;
  std::function<std::optional<Embedding>(std::int64_t id)> item;  // nullopt: Error kNotFound for the query
  std::function<Embedding(const std::string& name)> upload;
};

// Sources that encode sentences and picture files with `encoder`, which must outlive them, until a request on `stop`;
// stored pictures come from `item`, and there are no uploads. Any thread.
CLIPSEEK_API QuerySources encoder_sources(Encoder& encoder,
                                          std::function<std::optional<Embedding>(std::int64_t id)> item,
                                          std::stop_token stop = {});

// Returns the query vector of `terms`: mix() of their embeddings. Calls the source of each term once, one after another
// in this thread. Throws what mix() and the sources throw.
CLIPSEEK_API Embedding embed_query(const std::vector<QueryTerm>& terms, const QuerySources& sources);

struct QueryPart {
  float weight = 1;
  Embedding embedding{};
};
// Returns the weighted sum of `parts`, scaled to length 1. Throws Error kInvalidArgument if `parts` is empty, and when
// the parts cancel out or differ in their number of dimensions. Any thread.
CLIPSEEK_API Embedding mix(const std::vector<QueryPart>& parts);

}  // namespace clipseek
