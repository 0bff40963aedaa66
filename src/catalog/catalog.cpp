#include "catalog/catalog.h"

#include <mutex>
#include <optional>

#include "catalog/index_run.h"
#include "catalog/searcher.h"
#include "catalog/unit_vector.h"
#include "store/store.h"

namespace clipseek {
namespace {

// The database is made, or an older one migrated, before anything reads it.
const std::filesystem::path& prepared(const std::filesystem::path& database, OpenMode mode) {
  if (mode == OpenMode::kCreate) Store(database, Access::kWrite);
  return database;
}

}  // namespace

struct Catalog::Impl {
  Impl(const std::filesystem::path& file, Encoder& encoder_in, OpenMode mode_in)
      : database(std::filesystem::absolute(file)),
        encoder(encoder_in),
        mode(mode_in),
        searcher(prepared(database, mode_in), encoder_in.info()) {}

  std::filesystem::path database;
  Encoder& encoder;
  OpenMode mode;
  Searcher searcher;
  std::mutex indexing;
  std::mutex remembering;
  std::optional<Store> memory;  // for remember(), from its first call on
  std::int64_t memory_model = 0;
};

Catalog::Catalog(const std::filesystem::path& database, Encoder& encoder, OpenMode mode)
    : impl_(std::make_unique<Impl>(database, encoder, mode)) {}

Catalog::~Catalog() = default;

IndexReport Catalog::index(const IndexOptions& options) {
  if (impl_->mode == OpenMode::kReadOnly) {
    throw Error(ErrorCode::kInvalidArgument, impl_->database.string() + " was opened for reading only");
  }
  std::unique_lock lock(impl_->indexing, std::try_to_lock);
  if (!lock) throw Error(ErrorCode::kUnavailable, "an index run is under way; try again when it is done");
  return IndexRun(impl_->database, impl_->encoder, options).run();
}

void Catalog::remember(const SeenPicture& picture) {
  const EncoderInfo& info = impl_->encoder.info();
  if (!is_unit_vector(picture.embedding, info.dimension)) {
    throw Error(ErrorCode::kInvalidArgument,
                picture.url + ": no unit vector of " + std::to_string(info.dimension) + " numbers");
  }
  if (impl_->mode == OpenMode::kReadOnly) {
    throw Error(ErrorCode::kInvalidArgument, impl_->database.string() + " was opened for reading only");
  }
  NewItem item;
  item.url = picture.url;
  item.state = {.size = 0, .mtime_ns = picture.seen_ms * 1'000'000, .read_ms = picture.seen_ms};
  item.width = picture.width;
  item.height = picture.height;
  item.feature = picture.embedding;
  item.extra = picture.extra;
  std::lock_guard lock(impl_->remembering);
  if (!impl_->memory) {
    impl_->memory.emplace(impl_->database, Access::kWrite);
    impl_->memory_model = impl_->memory->add_model({info.fingerprint, info.name, info.dimension});
  }
  impl_->memory->write([&] { impl_->memory->put_item(item, impl_->memory_model); });
}

std::vector<SearchHit> Catalog::search(const Embedding& query, std::size_t top_k) {
  return impl_->searcher.search(query, top_k);
}

std::optional<Embedding> Catalog::embedding(std::int64_t id) {
  return impl_->searcher.embedding(id);
}

LibrarySample Catalog::sample() {
  return impl_->searcher.sample();
}

CatalogStats Catalog::stats() {
  return impl_->searcher.stats();
}

}  // namespace clipseek
