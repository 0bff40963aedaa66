// From a query to its embedding, with a memory for what was asked lately. Internal to web/.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/lru_cache.h"
#include "base/semaphore.h"
#include "catalog/library.h"
#include "clipseek/encoder.h"
#include "clipseek/query.h"

namespace clipseek::web {

// The pictures that came with a request, by the token that stands for each.
struct Uploads {
  std::map<std::string, std::string> by_field;
  std::map<std::string, std::string> by_file_name;
  std::vector<std::string> fields;  // in the order of the request

  // The token of the picture that a query calls `name`; empty where no file has that name.
  std::string token_of_file(const std::string& name) const;
  // The same for `upload:name`, which may also be the token of a picture of an earlier request.
  std::string token_of_field(const std::string& name) const;
  // One of the two, as the term's kind asks. The term is a file or an upload.
  std::string token_of(const QueryTerm& term) const {
    return term.kind == QueryTerm::Kind::kFile ? token_of_file(term.value) : token_of_field(term.value);
  }
};

// Any thread may call any function. As many threads as there are cores encode texts at once, and the same number
// pictures; others wait.
class QueryEncoder {
 public:
  // Both must outlive it.
  QueryEncoder(Encoder& encoder, const catalog::Library& library);

  Embedding encode_text(const std::string& text);

  struct Picture {
    EncodedImage image;
    std::string token;  // "upload:" and the content's hash: finds the embedding again while it is remembered
  };
  // Throws Error as Encoder::encode_image does. `name` begins its message.
  Picture encode_picture(std::string_view bytes, const std::string& name);

  // The query vector of `terms`; pictures are those of `uploads` and those that were uploaded lately. Throws
  // StatusError 404 unknown_picture for a picture that is not known, and what the encoder throws.
  Embedding encode(const std::vector<QueryTerm>& terms, const Uploads& uploads);

  // From now on no further picture is encoded: encode_picture throws Error kUnavailable.
  void stop() { picture_permits_.close("the server is stopping"); }

 private:
  Encoder& encoder_;
  const catalog::Library& library_;
  base::Semaphore text_permits_;
  base::Semaphore picture_permits_;
  base::LruCache<Embedding> texts_;
  base::LruCache<std::shared_ptr<const EncodedImage>> pictures_;
};

}  // namespace clipseek::web
