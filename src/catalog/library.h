// The pictures of a database in a server's memory, kept up to date in the background. A search never waits for the
// database or for a process that writes it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "catalog/calibration.h"
#include "clipseek/catalog.h"

namespace clipseek::catalog {

class Library {
 public:
  // Reads the database, which must exist, and follows its changes from then on: within a second for small libraries,
  // less often for those that take long to read. Throws Error as Catalog does, and kLimitExceeded when the vectors need
  // more than half of the machine's memory.
  Library(const std::filesystem::path& database, const EncoderInfo& model);
  ~Library();

  // All functions are thread-safe, and each call sees one consistent state.

  struct Page {
    std::vector<SearchHit> items;
    std::size_t total = 0;  // items in the library
    std::string version;    // changes with the library's contents
  };
  // Hits `offset` to `offset + limit` for `query` (unit length), best first; ties by path. Throws kModelMismatch when
  // the database holds vectors, but none of this model.
  Page search(const Embedding& query, std::size_t offset, std::size_t limit);
  // All items, the newest id first; their scores are 0.
  Page newest(std::size_t offset, std::size_t limit) const;

  std::optional<SearchHit> find(std::int64_t id) const;
  std::optional<Embedding> embedding(std::int64_t id) const;
  // Returns the items of those `paths` that are in the library, by path.
  std::map<std::string, SearchHit> find_paths(const std::vector<std::string>& paths) const;

  // As Calibrator::calibrate; cached until the library changes.
  std::optional<Calibration> calibrate(Calibrator& calibrator, const std::vector<QueryTerm>& terms);

  // Reads everything that is committed now. If the database cannot be read, state() has the error.
  void refresh();

  struct State {
    std::string version;
    std::size_t items = 0;
    std::optional<std::int64_t> changed_ms;  // when the newest item was stored, since 1970
    std::string last_error;  // why the last read failed, or empty; the earlier contents are still searched
  };
  State state() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace clipseek::catalog
