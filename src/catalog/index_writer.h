// The one writer of an index run. Internal to catalog/.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <variant>
#include <vector>

#include "catalog/index_events.h"
#include "store/store.h"

namespace clipseek::catalog {

struct EncodedFile {
  store::NewItem item;
  std::optional<store::StoredItem> moved_from;  // an item of the same content whose file has vanished
};
struct SameFile {  // touched, but of the same content as before
  std::string path;
  store::FileState state;
};
struct FailedFile {
  IndexFailure failure;
  std::optional<store::FileState> remember;  // with the state of the file that is not to be tried again
};
using IndexResult = std::variant<EncodedFile, SameFile, FailedFile>;

// Stores results on a thread of its own, many in one short transaction, so that nobody who encodes waits for the disk
// and nobody holds the database's lock between two pictures. Events are told after the commit: what was reported stored
// is stored. `store` is used by that thread alone until finish() returns.
class IndexWriter {
 public:
  IndexWriter(store::Store& store, std::int64_t model, IndexEvents& events);
  ~IndexWriter();  // like finish(), but silent

  // Waits while too many results are pending. Throws what made the writer fail. Any thread.
  void push(IndexResult result);
  // Stores what is pending and ends. Throws what made the writer fail.
  void finish();

 private:
  void run();
  std::vector<IndexResult> take_batch();
  void write_batch(const std::vector<IndexResult>& results);
  void apply(const EncodedFile& encoded, StoredBatch& batch);
  void apply(const SameFile& same, StoredBatch& batch);
  void apply(const FailedFile& failed, StoredBatch& batch);
  void end();

  store::Store& store_;
  std::int64_t model_;
  IndexEvents& events_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<IndexResult> pending_;
  bool ending_ = false;
  std::exception_ptr error_;
  std::jthread thread_;  // last: begins when everything else is there
};

}  // namespace clipseek::catalog
