// The time that the database takes in a search: from opening the file to the ranked paths (BM_FirstSearch, with a warm
// page cache), and with the vectors in memory (BM_RepeatedSearch). BM_StorePictures measures the writer of an index
// run, BM_IndexUnchanged an index run without new pictures.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>

#include "catalog/testing/fake_encoder.h"
#include "clipseek/catalog.h"
#include "store/store.h"
#include "store/testing/test_folder.h"

namespace clipseek {
namespace {

constexpr int kDimension = 512;

store::NewItem item_of(const catalog::FakeEncoder& encoder, int number) {
  std::string url = "/pictures/2024/holiday/IMG_" + std::to_string(number) + ".jpg";
  return {url,
          {4'000'000, 0, 0},
          "0123456789abcdef0123456789" + std::to_string(number),
          4000,
          3000,
          encoder.embed(std::to_string(number))};
}

void put_all(store::Store& store, const catalog::FakeEncoder& encoder, int count, int batch) {
  std::int64_t model = store.add_model({encoder.info().fingerprint, "fake", kDimension});
  for (int first = 0; first < count; first += batch) {
    store.write([&] {
      for (int i = first; i < std::min(count, first + batch); ++i) store.put_item(item_of(encoder, i), model);
    });
  }
}

// A database of `count` vectors, which is created once.
struct Filled {
  explicit Filled(int count) : database(folder / "clip.db") {
    store::Store store(database, store::Access::kWrite);
    put_all(store, encoder, count, 1000);
  }
  static Filled& of(int count) {
    static std::unique_ptr<Filled> filled;
    static int filled_count = 0;
    if (filled_count != count) filled = std::make_unique<Filled>(count);
    filled_count = count;
    return *filled;
  }
  catalog::FakeEncoder encoder{"fake-1", kDimension};
  store::TestFolder folder;
  std::filesystem::path database;
};

void BM_FirstSearch(benchmark::State& state) {
  Filled& filled = Filled::of(static_cast<int>(state.range(0)));
  Embedding query = filled.encoder.embed("query");
  for (auto _ : state) {
    Catalog catalog(filled.database, filled.encoder, OpenMode::kReadOnly);
    benchmark::DoNotOptimize(catalog.search(query, 10));
  }
}

void BM_RepeatedSearch(benchmark::State& state) {
  Filled& filled = Filled::of(static_cast<int>(state.range(0)));
  Embedding query = filled.encoder.embed("query");
  Catalog catalog(filled.database, filled.encoder, OpenMode::kReadOnly);
  for (int i = 0; i < 2; ++i) catalog.search(query, 10);
  for (auto _ : state) benchmark::DoNotOptimize(catalog.search(query, 10));
}

void BM_Stats(benchmark::State& state) {
  Filled& filled = Filled::of(static_cast<int>(state.range(0)));
  Catalog catalog(filled.database, filled.encoder, OpenMode::kReadOnly);
  for (auto _ : state) benchmark::DoNotOptimize(catalog.stats());
}

void BM_StorePictures(benchmark::State& state) {
  constexpr int kCount = 5000;
  catalog::FakeEncoder encoder("fake-1", kDimension);
  for (auto _ : state) {
    store::TestFolder folder;
    store::Store store(folder / "clip.db", store::Access::kWrite);
    put_all(store, encoder, kCount, static_cast<int>(state.range(0)));
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * kCount);
}

void BM_IndexUnchanged(benchmark::State& state) {
  store::TestFolder folder;
  for (int i = 0; i < state.range(0); ++i) {
    std::string number = std::to_string(i);
    auto file = folder.write("pictures/" + std::to_string(i % 100) + "/" + number + ".jpg", number);
    std::filesystem::last_write_time(file, std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
  }
  catalog::FakeEncoder encoder("fake-1", kDimension);
  Catalog catalog(folder / "clip.db", encoder, OpenMode::kCreate);
  IndexOptions options;
  options.paths = {folder / "pictures"};
  catalog.index(options);
  for (auto _ : state) benchmark::DoNotOptimize(catalog.index(options));
}

BENCHMARK(BM_FirstSearch)->Arg(100'000)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(BM_RepeatedSearch)->Arg(100'000)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(BM_Stats)->Arg(100'000)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(BM_StorePictures)->ArgName("batch")->Arg(1)->Arg(16)->Arg(256)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(BM_IndexUnchanged)->Arg(20'000)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace clipseek
