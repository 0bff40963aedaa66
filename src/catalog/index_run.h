// One index run: scan, encode, store, remove. Internal to catalog/.
#pragma once

#include <cstdint>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

#include "catalog/index_events.h"
#include "catalog/index_queue.h"
#include "catalog/index_writer.h"
#include "catalog/picture_scan.h"
#include "clipseek/catalog.h"
#include "store/store.h"

namespace clipseek::catalog {

// One thread scans the folders and queues the files to encode; the encoder's threads read, hash and encode them; the
// writer's thread stores the results. Pictures whose files have vanished are removed at the end.
class IndexRun {
 public:
  // Throws Error as Catalog::index does, before anything is changed.
  IndexRun(const std::filesystem::path& database, Encoder& encoder, const IndexOptions& options);

  // May be called only once.
  IndexReport run();

 private:
  // On the scan's thread:
  void scan();
  void consider(const FoundFile& file);

  // On the encoder's threads:
  std::optional<ImageInput> next();
  std::optional<ImageInput> load(const FoundFile& file);
  bool store_known_content(store::NewItem& item);
  std::optional<store::StoredItem> moved_from(const std::vector<store::StoredItem>& same_content);
  void done(ImageResult result);
  void fail(const std::string& path, const store::FileState& state, const Error& error);

  void encode();
  bool is_deleted(const std::string& path) const;
  void remove_vanished();
  void remove(const std::vector<std::string>& paths);

  IndexRoots roots_;
  Encoder& encoder_;
  store::StoreModel model_;
  IndexEvents events_;
  std::stop_token stop_;
  store::Store writer_store_;
  std::int64_t model_id_;
  std::mutex reader_mutex_;
  store::Store reader_;
  std::set<FileIdentity> own_files_;
  std::vector<std::size_t> seen_;  // hashes of the paths that the scan found
  IndexQueue queue_;
  IndexWriter writer_;

  std::mutex in_flight_mutex_;
  std::size_t next_id_ = 0;
  std::unordered_map<std::size_t, store::NewItem> in_flight_;  // passed to the encoder, which has not answered yet
};

}  // namespace clipseek::catalog
