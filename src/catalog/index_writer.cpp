#include "catalog/index_writer.h"

#include <chrono>
#include <utility>

namespace clipseek::catalog {
namespace {

// A transaction begins when kBatch results are pending, or when the oldest has waited for kTimeout. A transaction for
// each picture would write the same pages again and again: storing takes 3.6 times as long (BM_StorePictures).
constexpr std::size_t kBatch = 256;
constexpr std::chrono::milliseconds kTimeout{250};
// Results wait while a transaction runs; when this many wait, push() blocks.
constexpr std::size_t kMaxPending = 4 * kBatch;

}  // namespace

IndexWriter::IndexWriter(store::Store& store, std::int64_t model, IndexEvents& events)
    : store_(store), model_(model), events_(events), thread_([this] { run(); }) {}

IndexWriter::~IndexWriter() {
  end();
}

void IndexWriter::push(IndexResult result) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return pending_.size() < kMaxPending || error_; });
  if (error_) std::rethrow_exception(error_);
  pending_.push_back(std::move(result));
  changed_.notify_all();
}

void IndexWriter::finish() {
  end();
  if (error_) std::rethrow_exception(error_);
}

void IndexWriter::end() {
  {
    std::lock_guard lock(mutex_);
    ending_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void IndexWriter::run() {
  try {
    for (auto batch = take_batch(); !batch.empty(); batch = take_batch()) write_batch(batch);
  } catch (...) {
    std::lock_guard lock(mutex_);
    error_ = std::current_exception();
    changed_.notify_all();
  }
}

std::vector<IndexResult> IndexWriter::take_batch() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !pending_.empty() || ending_; });
  changed_.wait_for(lock, kTimeout, [this] { return pending_.size() >= kBatch || ending_; });
  changed_.notify_all();
  return std::exchange(pending_, {});
}

void IndexWriter::write_batch(const std::vector<IndexResult>& results) {
  StoredBatch batch;
  store_.write([&] {
    for (const IndexResult& result : results) {
      std::visit([&](const auto& one) { apply(one, batch); }, result);
    }
  });
  events_.stored(batch);
}

void IndexWriter::apply(const EncodedFile& encoded, StoredBatch& batch) {
  const auto& source = encoded.moved_from;
  if (source && store_.move_item(source->id, source->url, encoded.item)) {
    ++batch.moved;
  } else if (store_.put_item(encoded.item, model_) == store::PutResult::kAdded) {
    ++batch.added;
  } else {
    ++batch.updated;
  }
}

void IndexWriter::apply(const SameFile& same, StoredBatch& batch) {
  store_.touch_item(same.path, model_, same.state);
  ++batch.unchanged;
}

void IndexWriter::apply(const FailedFile& failed, StoredBatch& batch) {
  const IndexFailure& failure = failed.failure;
  if (failed.known_bad_state) {
    std::string code(error_info(failure.code).name);
    store_.put_failure(failure.path, model_, {*failed.known_bad_state, std::move(code), failure.message});
  }
  batch.failures.push_back(failure);
}

}  // namespace clipseek::catalog
