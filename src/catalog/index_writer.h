// The only writer of the database during an index run. Internal to catalog/.
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
struct SameFile {  // its modification time changed, its content did not
  std::string path;
  store::FileState state;
};
struct FailedFile {
  IndexFailure failure;
  std::optional<store::FileState> known_bad_state;  // if set, later runs skip the file while it has this state
};
using IndexResult = std::variant<EncodedFile, SameFile, FailedFile>;

// Stores results on its own thread, many in one short transaction: encoding threads do not wait for the disk, and the
// database's lock is not held between two pictures. Events are reported after the commit, so that every picture
// reported as stored is stored. Only the writer's thread uses `store` until finish() returns.
class IndexWriter {
 public:
  IndexWriter(store::Store& store, std::int64_t model, IndexEvents& events);
  ~IndexWriter();  // as finish(), but does not throw

  // Waits while too many results are pending. Rethrows the writer's error. Any thread.
  void push(IndexResult result);
  // Stores the pending results and ends the thread. Rethrows the writer's error.
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
  std::jthread thread_;  // last, so that it starts after the other members are initialized
};

}  // namespace clipseek::catalog
