#include "catalog/index_run.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <thread>

#include "base/clock.h"
#include "base/mapped_file.h"
#include "base/system_error.h"
#include "catalog/unit_vector.h"
#include "image/limits.h"

namespace clipseek::catalog {
namespace {

// A file can change again within one tick of its file system's clock and keep its modification time; then only its
// content shows the change. Git's index solves the same problem in the same way ("racy-git" in its documentation): the
// next run does not trust a modification time that was this recent when the file was read. FAT's clock ticks every two
// seconds.
constexpr std::int64_t kClockTickMs = 2000;

// The maximum number of copies of one picture that are checked to find the one that was moved.
constexpr std::size_t kMaxCopies = 64;

constexpr std::size_t kRemoveBatch = 256;

bool is_unchanged(const store::FileState& stored, const FoundFile& found) {
  bool settled = stored.read_ms > kClockTickMs && stored.mtime_ns / 1'000'000 < stored.read_ms - kClockTickMs;
  return stored.size == found.size && stored.mtime_ns == found.mtime_ns && settled;
}

// Returns whether encoding the same file again would fail in the same way.
bool is_permanent(ErrorCode code) {
  return code == ErrorCode::kCorrupt || code == ErrorCode::kUnsupported || code == ErrorCode::kLimitExceeded;
}

ErrorCode remembered_code(const std::string& name) {
  for (ErrorCode code : {ErrorCode::kUnsupported, ErrorCode::kLimitExceeded}) {
    if (error_info(code).name == name) return code;
  }
  return ErrorCode::kCorrupt;
}

// Returns the database's own files, which a run must never open: closing one would drop SQLite's locks on it (POSIX
// advisory locks belong to the process, not to the file descriptor).
std::set<FileIdentity> database_files(const std::string& database) {
  std::set<FileIdentity> identities;
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    struct stat status {};
    if (::stat((database + suffix).c_str(), &status) == 0) identities.insert({status.st_dev, status.st_ino});
  }
  return identities;
}

IndexFailure failure_of(const std::string& path, const Error& error) {
  std::string message = error.what();
  if (message.find(path) == std::string::npos) message = path + ": " + message;
  return {path, error.code(), std::move(message)};
}

store::StoreModel store_model(const EncoderInfo& info) {
  return {info.fingerprint, info.name, info.dimension};
}

}  // namespace

IndexRun::IndexRun(const std::filesystem::path& database, Encoder& encoder, const IndexOptions& options)
    : roots_(resolve_roots(options.paths)),
      encoder_(encoder),
      model_(store_model(encoder.info())),
      events_(options),
      stop_(options.stop),
      writer_store_(database, store::Access::kWrite),
      model_id_(writer_store_.add_model(model_)),
      reader_(database, store::Access::kRead),
      own_files_(database_files(writer_store_.file().string())),
      writer_(writer_store_, model_id_, events_) {}

IndexReport IndexRun::run() {
  for (const BadRoot& root : roots_.bad) events_.found_failure(failure_of(root.path, root.error));
  std::jthread scanning([this] { scan(); });
  try {
    encode();
  } catch (...) {
    queue_.abandon();
    throw;  // the writer's destructor stores the results so far
  }
  scanning.join();
  writer_.finish();
  if (!in_flight_.empty() || !queue_.empty()) {
    throw Error(ErrorCode::kInternal, "the encoder did not return a result for every picture");
  }
  remove_vanished();
  IndexReport report = events_.report();
  for (const store::ModelCount& count : reader_.count_by_model()) {
    if (count.model.fingerprint == model_.fingerprint) report.total = count.items;
  }
  return report;
}

void IndexRun::encode() {
  try {
    encoder_.encode_images([this] { return next(); }, [this](ImageResult result) { done(std::move(result)); }, stop_);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kCancelled || !events_.stopped()) throw;
    queue_.abandon();
    std::lock_guard lock(in_flight_mutex_);
    in_flight_.clear();  // the next run encodes them
  }
}

void IndexRun::scan() {
  try {
    ScanCallbacks callbacks;
    callbacks.file = [this](const FoundFile& file) { consider(file); };
    callbacks.failure = [this](const std::string& path, const Error& error) {
      events_.found_failure(failure_of(path, error));
    };
    callbacks.stop = [this] { return events_.stopped() || queue_.abandoned(); };
    scan_pictures(roots_.good, callbacks);
    std::sort(seen_.begin(), seen_.end());
    events_.scan_ended();
    queue_.close();
  } catch (...) {
    queue_.fail(std::current_exception());
  }
}

void IndexRun::consider(const FoundFile& file) {
  if (own_files_.contains(file.identity)) {
    if (file.named) events_.found_failure({file.path, ErrorCode::kUnsupported, file.path + " is the database itself"});
    return;
  }
  seen_.push_back(std::hash<std::string>{}(file.path));
  std::optional<store::StoredFile> known;
  std::optional<store::StoredFailure> failure;
  {
    std::lock_guard lock(reader_mutex_);
    known = reader_.find_file(file.path, model_id_);
    if (!known) failure = reader_.find_failure(file.path);
  }
  if (known && known->intact && is_unchanged(known->state, file)) return events_.found_unchanged();
  // A file that the caller names is always tried again: a decoder may have been installed since.
  if (failure && !file.named && is_unchanged(failure->state, file)) {
    return events_.found_failure({file.path, remembered_code(failure->code), failure->message});
  }
  bool candidate = known || failure || file.named || file.picture_extension || begins_like_picture(file.path);
  if (!candidate) return;
  events_.found_to_encode();
  queue_.push(file);
}

std::optional<ImageInput> IndexRun::next() {
  while (!events_.stopped()) {
    std::optional<FoundFile> file = queue_.pop();
    if (!file) return std::nullopt;
    if (auto input = load(*file)) return input;
  }
  queue_.abandon();
  return std::nullopt;
}

// Reads and hashes a file. Returns std::nullopt where nothing is to be encoded: the file cannot be read, or its content
// already has a vector.
std::optional<ImageInput> IndexRun::load(const FoundFile& file) {
  store::NewItem item;
  item.url = file.path;
  item.state = {file.size, file.mtime_ns, base::now_ms()};
  ImageInput input;
  try {
    struct stat status {};
    if (::stat(file.path.c_str(), &status) != 0) throw base::system_error("read", file.path, errno);
    // The state is taken before the file is read, so that the next run notices a change after this moment.
    item.state.size = status.st_size;
    item.state.mtime_ns = std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
    input.bytes = base::read_file(file.path, image::kMaxPictureBytes);
  } catch (const Error& error) {
    fail(file.path, item.state, error);
    return std::nullopt;
  }
  item.content_hash = base::content_hash(input.bytes);
  if (store_known_content(item)) return std::nullopt;
  input.path = file.path;
  std::lock_guard lock(in_flight_mutex_);
  input.id = next_id_++;
  in_flight_.emplace(input.id, std::move(item));
  return input;
}

// Stores `item` without encoding it if its content already has a vector, and returns whether it did.
bool IndexRun::store_known_content(store::NewItem& item) {
  std::optional<store::StoredFile> known;
  std::vector<store::StoredItem> same;
  {
    std::lock_guard lock(reader_mutex_);
    known = reader_.find_file(item.url, model_id_);
    same = reader_.find_content(item.content_hash, model_id_, kMaxCopies);
    std::erase_if(same, [&](const store::StoredItem& stored) { return stored.size != item.state.size; });
    if (!same.empty()) item.feature = reader_.read_feature(same.front().id, model_id_);
  }
  if (!is_unit_vector(item.feature, model_.dimension)) return false;
  if (known && known->content_hash == item.content_hash && known->intact) {
    writer_.push(SameFile{item.url, item.state});
    return true;
  }
  item.width = same.front().width;
  item.height = same.front().height;
  EncodedFile encoded{std::move(item), std::nullopt};
  if (!known) encoded.moved_from = moved_from(same);
  writer_.push(std::move(encoded));
  return true;
}

std::optional<store::StoredItem> IndexRun::moved_from(const std::vector<store::StoredItem>& same_content) {
  for (const store::StoredItem& stored : same_content) {
    if (is_deleted(stored.url)) return stored;
  }
  return std::nullopt;
}

// Returns whether the file of a stored picture was deleted. A missing file counts as deleted only below a root that
// still exists: outside the roots, or below a missing root, it may be on a disk that is not mounted.
bool IndexRun::is_deleted(const std::string& path) const {
  if (!has_vanished(path)) return false;
  for (const BadRoot& root : roots_.bad) {
    if (is_below(path, root.path)) return false;
  }
  return std::any_of(roots_.good.begin(), roots_.good.end(), [&](const std::string& root) {
    return is_below(path, root) && (path == root || !has_vanished(root));
  });
}

void IndexRun::done(ImageResult result) {
  store::NewItem item;
  {
    std::lock_guard lock(in_flight_mutex_);
    auto found = in_flight_.extract(result.id);
    if (!found) throw Error(ErrorCode::kInternal, "the encoder returned two results for one picture");
    item = std::move(found.mapped());
  }
  if (const auto* error = std::get_if<Error>(&result.outcome)) return fail(item.url, item.state, *error);
  auto& encoded = std::get<EncodedImage>(result.outcome);
  if (!is_unit_vector(encoded.embedding, model_.dimension)) {
    return fail(item.url, item.state,
                Error(ErrorCode::kInternal, item.url + ": the model did not return a unit vector of " +
                                                std::to_string(model_.dimension) + " numbers"));
  }
  item.width = encoded.width;
  item.height = encoded.height;
  item.feature = std::move(encoded.embedding);
  writer_.push(EncodedFile{std::move(item), std::nullopt});
}

void IndexRun::fail(const std::string& path, const store::FileState& state, const Error& error) {
  FailedFile failed{failure_of(path, error), std::nullopt};
  if (is_permanent(error.code())) failed.known_bad_state = state;
  writer_.push(std::move(failed));
}

void IndexRun::remove_vanished() {
  constexpr std::size_t kPage = 1000;
  for (const std::string& root : roots_.good) {
    std::string prefix = root.ends_with('/') ? root : root + '/';
    std::string after;
    for (;;) {
      std::vector<std::string> paths = writer_store_.paths_with_prefix(prefix, after, kPage);
      if (paths.empty()) break;
      after = paths.back();
      std::erase_if(paths, [this](const std::string& path) {
        return std::binary_search(seen_.begin(), seen_.end(), std::hash<std::string>{}(path)) || !is_deleted(path);
      });
      if (events_.stopped()) return;
      remove(paths);
    }
  }
}

void IndexRun::remove(const std::vector<std::string>& paths) {
  for (std::size_t first = 0; first < paths.size(); first += kRemoveBatch) {
    std::size_t last = std::min(paths.size(), first + kRemoveBatch);
    std::vector<std::string> pictures;
    writer_store_.write([&] {
      for (std::size_t i = first; i < last; ++i) {
        if (writer_store_.remove_path(paths[i])) pictures.push_back(paths[i]);
      }
    });
    for (const std::string& path : pictures) events_.removed(path);
  }
}

}  // namespace clipseek::catalog
