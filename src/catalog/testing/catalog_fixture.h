// For tests: a catalog on real files, with a fake encoder.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <string>
#include <vector>

#include "base/system_error.h"
#include "catalog/testing/fake_encoder.h"
#include "clipseek/catalog.h"
#include "store/testing/test_folder.h"

namespace clipseek::catalog {

// The report of one index run, with the arguments of its callbacks.
struct RecordedReport : IndexReport {
  std::vector<std::string> failures;  // paths, sorted
  std::vector<IndexFailure> failure_details;
  std::vector<std::string> removed_paths;  // sorted
  IndexProgress last_progress;
};

class CatalogFixture {
 protected:
  // Writes a picture with an old modification time. `name` is relative to the folder of pictures.
  std::string picture(const std::string& name, const std::string& content) {
    std::filesystem::path file = folder_.write("pictures/" + name, content);
    set_time(file, ++clock_);
    return file.string();
  }
  static constexpr std::int64_t kLongAgo = 1'577'836'800;  // 2020-01-01 in seconds
  static void set_time(const std::filesystem::path& file, int second) {
    timespec time{kLongAgo + second, 0};
    timespec times[2] = {time, time};
    if (::utimensat(AT_FDCWD, file.c_str(), times, 0) != 0)
      throw base::system_error("set the time of", file.string(), errno);
  }
  std::string path(const std::string& name) { return (pictures_ / name).string(); }

  RecordedReport index() { return index({pictures_}); }
  RecordedReport index(std::vector<std::filesystem::path> paths) { return index_into(catalog_, std::move(paths)); }
  static RecordedReport index_into(Catalog& catalog, std::vector<std::filesystem::path> paths) {
    IndexOptions options;
    options.paths = std::move(paths);
    return index_with(catalog, options);
  }
  static RecordedReport index_with(Catalog& catalog, IndexOptions options) {
    RecordedReport recorded;
    options.failure = [&](const IndexFailure& failure) {
      recorded.failures.push_back(failure.path);
      recorded.failure_details.push_back(failure);
    };
    options.removed = [&](const std::string& path) { recorded.removed_paths.push_back(path); };
    auto progress = options.progress;
    options.progress = [&](const IndexProgress& now) {
      recorded.last_progress = now;
      if (progress) progress(now);
    };
    static_cast<IndexReport&>(recorded) = catalog.index(options);
    std::sort(recorded.failures.begin(), recorded.failures.end());
    std::sort(recorded.removed_paths.begin(), recorded.removed_paths.end());
    return recorded;
  }

  // Returns all paths in the catalog, sorted.
  std::vector<std::string> stored() {
    std::vector<std::string> paths;
    for (const SearchHit& hit : catalog_.search(encoder_.embed("any"), 1'000'000)) paths.push_back(hit.path);
    std::sort(paths.begin(), paths.end());
    return paths;
  }
  // Returns the hit nearest to a picture with this content.
  SearchHit nearest(const std::string& content) { return catalog_.search(encoder_.embed(content), 1).at(0); }

  store::TestFolder folder_;
  std::filesystem::path pictures_ = folder_ / "pictures";
  std::filesystem::path database_ = folder_ / "clip.db";
  FakeEncoder encoder_;
  Catalog catalog_{database_, encoder_, OpenMode::kCreate};
  int clock_ = 0;

  CatalogFixture() { std::filesystem::create_directories(pictures_); }
};

}  // namespace clipseek::catalog
