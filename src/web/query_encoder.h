// From a query to its embedding, with a memory for what was asked lately. Internal to web/.
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

// Any thread may call any function. As many threads as there are cores encode texts at once, and the same number
// pictures; others wait for their turn.
class QueryEncoder {
 public:
  // Both must outlive it. `encoder` takes several calls of encode_images at once.
  QueryEncoder(Encoder& encoder, const catalog::Library& library);

  Embedding encode_text(const std::string& text);

  struct Picture {
    EncodedImage image;
    std::string token;  // "upload:" and the content's hash: finds the embedding again while it is remembered
  };
  // Throws Error as Encoder::encode_image does. `name` begins its message.
  Picture encode_picture(std::string_view bytes, const std::string& name);

  // The token that an `upload:` or a file name of a query stands for; empty when it stands for none.
  using FindUpload = std::function<std::string(const QueryTerm& term)>;
  // Throws HttpError 404 unknown_picture for a picture that is not there.
  Embedding encode(const std::vector<QueryTerm>& terms, const FindUpload& find_upload);

  // Begins with no further picture (HttpError 503): the server stops.
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
