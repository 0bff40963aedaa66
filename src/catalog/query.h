// The query grammar: words and pictures with weights and signs, as "2*beach + photo.jpg - people". docs/query.md
// describes it for people; the command line and the HTTP API both read it here.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"

namespace clipseek {

struct QueryTerm {
  enum class Kind {
    kText,    // value: the words
    kFile,    // value: a picture's file name
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

inline constexpr std::size_t kMostQueryTerms = 16;

// Throws Error kInvalidArgument, saying what is wrong where, for an empty query or term, a weight that is not above 0
// and at most 100, and too many terms. Takes any bytes.
std::vector<QueryTerm> parse_query(std::string_view query);

}  // namespace clipseek
