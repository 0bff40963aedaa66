// Start here: the product in one class. A Catalog is a database of pictures and the encoder that understands them: add
// folders, search with a sentence, a picture or both, ask what is stored.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "clipseek/encoder.h"
#include "clipseek/error.h"
#include "clipseek/export.h"
#include "clipseek/query.h"
#include "clipseek/strength.h"

namespace clipseek {

struct IndexFailure {
  std::string path;
  ErrorCode code;
  std::string message;  // names the path
};

// What one index run did. `failed` counts the pictures that could not be encoded, whether found in this run or
// remembered, unchanged, from an earlier one.
struct IndexReport {
  std::size_t added = 0;
  std::size_t updated = 0;
  std::size_t unchanged = 0;
  std::size_t moved = 0;  // recognised by content under a new path: not encoded again
  std::size_t removed = 0;
  std::size_t failed = 0;
  std::size_t total = 0;  // pictures of this model in the database at the end
  double seconds = 0;
  bool stopped = false;  // on request: what was done is stored, the next run goes on from there
};

struct IndexProgress {
  std::size_t found = 0;  // candidates the scan has seen
  bool scanning = true;   // `found` may still grow
  std::size_t to_encode = 0;
  std::size_t encoded = 0;  // stored or failed
  std::size_t failed = 0;
};

struct IndexOptions {
  std::vector<std::filesystem::path> paths;  // folders (recursively) or files
  // Each is called from worker threads, one call at a time, and may be empty.
  std::function<void(const IndexProgress&)> progress;
  std::function<void(const IndexFailure&)> failure;
  std::function<void(const std::string& path)> removed;
  std::stop_token stop;  // a request ends the run early
};

struct SearchHit {
  std::int64_t id = 0;
  float score = 0;  // cosine with the query, -1 to 1
  std::string path;
  int width = 0;  // 0 where unknown
  int height = 0;
  std::int64_t size = 0;         // bytes of the file when it was encoded
  std::int64_t modified_ms = 0;  // its modification time, milliseconds since 1970; of a seen picture when it was seen
  std::string extra{};           // of a seen picture what was said of it, else empty or what hobot_clip left there
};

struct CatalogStats {
  std::size_t items = 0;        // pictures this model can search
  std::size_t other_items = 0;  // vectors of other or unknown models in the same database
  std::size_t failures = 0;     // pictures remembered as bad
  std::int64_t database_bytes = 0;
  std::vector<std::string> other_models;
};

// A picture that is not a file: a camera's.
struct Observation {
  std::string url;  // not a path, as "ros:/image_raw/..."; storing the same url again replaces it
  Embedding embedding;
  int width = 0;
  int height = 0;
  std::int64_t observed_ms = 0;  // milliseconds since 1970
  std::string extra;
};

enum class OpenMode { kReadOnly, kCreate };

class CLIPSEEK_API Catalog {
 public:
  // Opens the database; kCreate makes it, where it does not exist, when it is first used. `encoder` must outlive the
  // Catalog. Throws Error:
  // kNotFound (kReadOnly and no file: a search never makes one), kUnreadable, kCorrupt (no SQLite database, or another
  // program's), kUnsupported (made by a newer clipseek), kStorage. A database that hobot_clip made opens: kCreate
  // migrates it, its rows are searched once index() has encoded their files again.
  Catalog(const std::filesystem::path& database, Encoder& encoder, OpenMode mode);
  ~Catalog();

  // Brings the database in line with the pictures below `paths`. Incremental: unchanged files (size and modification
  // time) are not read; a file whose content is known is not encoded again; a picture whose file has vanished from
  // below a given folder is removed. A path that does not exist and a folder that cannot be read are failures, and what
  // was stored from below them stays. What was reported as stored is stored, wherever the run ends, be it with SIGKILL.
  // Throws Error when no path is left (before anything is changed), for a database that can no longer be written, and
  // kUnavailable while another run of this Catalog is under way. Searches go on meanwhile.
  IndexReport index(const IndexOptions& options);

  // Stores a picture that this encoder's model has encoded elsewhere; it is stored when this returns. Throws Error
  // kInvalidArgument for an embedding that is not a unit vector of the model's dimension, kStorage. Any thread.
  void store_observation(const Observation& observation);

  // The `top_k` pictures nearest to `query` (unit length), best first; ties by path. Throws kModelMismatch when the
  // database holds vectors, but none of this encoder's model. Any thread.
  std::vector<SearchHit> search(const Embedding& query, std::size_t top_k);

  // The vector of a stored picture of this encoder's model. Any thread.
  std::optional<Embedding> embedding(std::int64_t id);

  // The query vector of `terms`: sentences and picture files by the encoder, `item:` by what is stored. Throws Error as
  // embed_query does. Any thread.
  Embedding embed(const std::vector<QueryTerm>& terms, std::stop_token stop = {});

  // What scores of queries of the form of `terms` (the same weights and types) are compared with in this library. After
  // a search it does not read the database again. nullopt where the library has too few pictures to tell.
  // Deterministic. Any thread.
  std::optional<Calibration> calibrate(const std::vector<QueryTerm>& terms);

  CatalogStats stats();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace clipseek
