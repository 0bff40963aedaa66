// Computes the embeddings of queries, with caches for recent texts and uploads. Internal to web/.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/lru_cache.h"
#include "catalog/library.h"
#include "clipseek/encoder.h"
#include "clipseek/query.h"
#include "web/slot.h"

namespace clipseek::web {

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

  // Returns the token of the picture that an `upload:` or file term names; empty when there is none.
  using FindUpload = std::function<std::string(const QueryTerm& term)>;
  // Throws StatusError 404 unknown_picture for a picture that does not exist.
  Embedding encode(const std::vector<QueryTerm>& terms, const FindUpload& find_upload);

  // From now on encoding a picture fails with StatusError 503; called when the server stops.
  void stop() { picture_places_.close(); }

 private:
  Embedding encode_term(const QueryTerm& term, const FindUpload& find_upload);

  Encoder& encoder_;
  const catalog::Library& library_;
  Places text_places_;
  Places picture_places_;
  base::LruCache<Embedding> texts_;
  base::LruCache<std::shared_ptr<const EncodedImage>> pictures_;
};

}  // namespace clipseek::web
