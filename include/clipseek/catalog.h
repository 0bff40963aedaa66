// Start here to find pictures: a Catalog is a database of pictures' embeddings together with the encoder that makes
// them. It indexes folders, and searches with a sentence, a picture or both.
#pragma once

#include <cstddef>
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

// A picture that could not be indexed.
struct IndexFailure {
  std::string path;
  ErrorCode code;
  std::string message;  // names the path
};

// What one index run did. `failed` counts the pictures that could not be encoded, either in this run or in an earlier
// one if the file has not changed since.
struct IndexReport {
  std::size_t added = 0;
  std::size_t updated = 0;
  std::size_t unchanged = 0;
  std::size_t moved = 0;  // recognised by content under a new path: not encoded again
  std::size_t removed = 0;
  std::size_t failed = 0;
  std::size_t total = 0;  // pictures of this model in the database at the end
  double seconds = 0;     // how long the run took
  bool stopped = false;   // on request: finished work is stored, and the next run continues from there
};

// The numbers of pictures in one run so far.
struct IndexProgress {
  std::size_t found = 0;  // candidates that the scan has seen
  bool scanning = true;   // `found` may still grow
  std::size_t to_encode = 0;
  std::size_t encoded = 0;  // stored or failed
  std::size_t failed = 0;
};

struct IndexOptions {
  std::vector<std::filesystem::path> paths;  // folders (recursively) or files
  // Each callback may be empty. They are called from worker threads, one call at a time: `failure` for each picture or
  // folder that could not be indexed, `removed` for each picture that left the database because its file has vanished.
  std::function<void(const IndexProgress&)> progress{};
  std::function<void(const IndexFailure&)> failure{};
  std::function<void(const std::string& path)> removed{};
  std::stop_token stop{};  // a request ends the run early
};

// A picture that a search found.
struct SearchHit {
  std::int64_t id = 0;  // its id in the database
  float score = 0;      // cosine with the query, -1 to 1
  std::string path{};   // of its file, absolute; the url of an Observation
  int width = 0;        // in pixels, with the EXIF orientation applied; 0 where unknown
  int height = 0;
  std::int64_t size = 0;         // bytes of the file when it was encoded; 0 for an Observation
  std::int64_t modified_ms = 0;  // modification time of the file, milliseconds since 1970; Observation::observed_ms
  std::string extra{};           // Observation::extra; otherwise empty, or what hobot_clip stored there
};

struct CatalogStats {
  std::size_t items = 0;        // pictures this model can search
  std::size_t other_items = 0;  // vectors of other or unknown models in the same database
  std::size_t failures = 0;     // pictures recorded as failed
  std::int64_t database_bytes = 0;
  std::vector<std::string> other_models;
  std::size_t thumbnails = 0;  // stored with Observations
  std::int64_t thumbnail_bytes = 0;
};

// A picture that is not a file, such as a frame of a camera.
struct Observation {
  std::string url;  // not a path, as "ros:/image_raw/..."; storing the same url again replaces it
  Embedding embedding;
  int width = 0;  // in pixels; 0 where unknown
  int height = 0;
  std::int64_t observed_ms = 0;  // milliseconds since 1970, not negative
  std::string extra{};           // any text of the caller; returned in SearchHit::extra
  std::string thumbnail{};       // a JPEG of at most kMaxThumbnailBytes; empty: none
};

inline constexpr std::size_t kMaxThumbnailBytes = 20'480;

// How many thumbnails of Observations a database keeps.
struct ThumbnailLimits {
  std::int64_t max_bytes = 0;   // of all thumbnails together; 0: no limit
  std::int64_t max_age_ms = 0;  // since they were stored; 0: no limit
};

enum class OpenMode {
  kReadOnly,  // search only
  kCreate,    // search and change; a database that does not exist is created when it is first used
};

// Every function may be called by any thread, also while others run. Several processes may use one database at once.
class CLIPSEEK_API Catalog {
 public:
  // Opens `database`, an SQLite file. `encoder` must outlive the Catalog. Throws Error: kNotFound (kReadOnly and no
  // file), kUnreadable, kCorrupt (not an SQLite database, or the database of another program), kUnsupported (made by a
  // newer clipseek), kStorage. A database that hobot_clip made can be opened: kCreate migrates it, and its rows are
  // searched once index() has encoded their files again.
  Catalog(const std::filesystem::path& database, Encoder& encoder, OpenMode mode);
  ~Catalog();

  // Updates the database to match the pictures below `paths`. The update is incremental: unchanged files (size and
  // modification time) are not read; a file whose content is known is not encoded again; a picture whose file has
  // vanished from below a given folder is removed. A path that does not exist and a folder that cannot be read are
  // failures, and the pictures stored from below them are kept. A picture that was reported as stored remains stored
  // however the run ends, even by SIGKILL. Searches can run at the same time. Throws Error, before anything is changed,
  // where none of the paths can be indexed; kStorage for a database that can no longer be written; kUnavailable while
  // another run of this Catalog is in progress; kInvalidArgument for a Catalog that was opened with kReadOnly.
  IndexReport index(const IndexOptions& options);

  // Stores a picture that the caller has encoded with this encoder's model; the change is committed when the function
  // returns. Returns whether it is new, false if it replaced the picture with the same url. Throws Error:
  // kInvalidArgument for an embedding that is not a unit vector of the model's dimension, a thumbnail that does not
  // begin as a JPEG or is too large, a time outside the range that can be stored, and for a Catalog that was opened
  // with kReadOnly; kStorage.
  bool store_observation(const Observation& observation);

  // Deletes a limited number of the oldest thumbnails beyond `limits`, so that other changes of the database need not
  // wait long, and returns how many: call it again until it returns 0. The pictures remain. Throws as
  // store_observation().
  std::size_t trim_thumbnails(const ThumbnailLimits& limits);

  // Returns the thumbnail that was stored with the Observation `id`: a JPEG. Returns nullopt if there is none.
  std::optional<std::string> thumbnail(std::int64_t id);

  // Returns the `top_k` pictures with the highest cosine with `query`, best first; pictures of equal score are ordered
  // by path. The search is exact. Throws Error: kInvalidArgument for a query that is not a unit vector of the model's
  // dimension; kModelMismatch when the database holds vectors, but none of this encoder's model;
  // kUnavailable when other processes change the database faster than it can be searched.
  std::vector<SearchHit> search(const Embedding& query, std::size_t top_k);

  // Returns the embedding of the stored picture `id` by this encoder's model; nullopt if the database has none.
  std::optional<Embedding> embedding(std::int64_t id);

  // Returns the query vector of `terms`: the encoder encodes sentences and picture files, pictures given as `item:ID`
  // are read from the database. Throws Error as embed_query() does; kCancelled after a request on `stop`.
  Embedding embed(const std::vector<QueryTerm>& terms, std::stop_token stop = {});

  // Returns the calibration for the scores that queries with the weights and types of `terms` get in this database: see
  // clipseek/strength.h. Returns nullopt if the database holds too few pictures for a calibration. Deterministic,
  // except that cached embeddings may come from a run with the other precision. Reads the database only if it has
  // changed since the last search. Caches the embeddings of the neutral sentences in $XDG_CACHE_HOME/clipseek
  // (~/.cache/clipseek) if that folder can be written.
  std::optional<Calibration> calibrate(const std::vector<QueryTerm>& terms);

  // Returns the current counts of the database. Throws Error kStorage, and the Errors of the constructor.
  CatalogStats stats();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace clipseek
