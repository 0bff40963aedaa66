// Computes the embeddings of queries, with caches for recent texts and uploads. Internal to web/.
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

// The pictures that were uploaded with a request, by the token that stands for each.
struct Uploads {
  std::map<std::string, std::string> by_field;      // form field to token
  std::map<std::string, std::string> by_file_name;  // file name to token
  std::vector<std::string> fields;                  // in the order of the request

  // Returns the token of the uploaded file `name`; empty where no file has that name.
  std::string token_of_file(const std::string& name) const;
  // Returns the token of `upload:name`, which may also be that of a picture of an earlier request.
  std::string token_of_field(const std::string& name) const;
  // Returns token_of_file() for a term that is a file, else token_of_field().
  std::string token_of(const QueryTerm& term) const {
    return term.kind == QueryTerm::Kind::kFile ? token_of_file(term.value) : token_of_field(term.value);
  }
};

// Thread-safe. At most as many threads as there are cores encode texts at the same time, and as many encode pictures;
// others wait.
class QueryEncoder {
 public:
  // `encoder` and `library` must outlive this object.
  QueryEncoder(Encoder& encoder, const catalog::Library& library);

  Embedding encode_text(const std::string& text);

  struct Picture {
    EncodedImage image;
    std::string token;  // "upload:" and the content's hash; names the picture in queries while it is cached
  };
  // Throws Error as Encoder::encode_image does. `name` begins its message.
  Picture encode_picture(std::string_view bytes, const std::string& name);

  // Returns the query vector of `terms`; pictures are those of `uploads` and recent uploads. Throws StatusError 404
  // unknown_picture for a picture that does not exist, and what the encoder throws.
  Embedding encode(const std::vector<QueryTerm>& terms, const Uploads& uploads);

  // From now on encode_picture throws Error kUnavailable; called when the server stops.
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
