// Index runs that are killed with SIGKILL at random moments lose nothing that they have reported as stored.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <optional>
#include <random>

#include "catalog/testing/fake_encoder.h"
#include "clipseek/catalog.h"
#include "store/store.h"
#include "store/testing/test_folder.h"

namespace clipseek::catalog {
namespace {

// A process that indexes the folder "pictures" and reports IndexProgress::encoded through a pipe.
class IndexingProcess {
 public:
  // SQLite must not be open in this process: its connections do not survive a fork.
  explicit IndexingProcess(const store::TestFolder& folder) {
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error("cannot create a pipe");
    process_ = fork();
    if (process_ == 0) {
      close(ends[0]);
      index(folder, ends[1]);
      _exit(0);
    }
    close(ends[1]);
    reports_ = ends[0];
  }
  ~IndexingProcess() {
    close(reports_);
    waitpid(process_, nullptr, 0);
  }
  IndexingProcess(const IndexingProcess&) = delete;
  IndexingProcess& operator=(const IndexingProcess&) = delete;

  // Returns the next report; std::nullopt when the process has ended.
  std::optional<std::size_t> report() const {
    std::size_t encoded = 0;
    if (read(reports_, &encoded, sizeof(encoded)) != ssize_t{sizeof(encoded)}) return std::nullopt;
    return encoded;
  }
  void kill() const { ::kill(process_, SIGKILL); }

 private:
  static void index(const store::TestFolder& folder, int pipe) {
    auto report = [&](std::size_t encoded) {
      if (write(pipe, &encoded, sizeof(encoded)) != ssize_t{sizeof(encoded)}) _exit(2);
    };
    FakeEncoder encoder;
    encoder.delay = std::chrono::milliseconds(40);  // slow enough that 50 killed runs do not store all
    Catalog catalog(folder / "clip.db", encoder, OpenMode::kCreate);
    IndexOptions options;
    options.paths = {folder / "pictures"};
    options.progress = [&](const IndexProgress& progress) { report(progress.encoded); };
    report(0);
    catalog.index(options);
  }

  pid_t process_;
  int reports_;
};

std::string picture_name(int number) {
  return "pictures/" + std::to_string(number % 40) + "/" + std::to_string(number) + ".jpg";
}

// Kills a run `after` microseconds after it reported `encoded` pictures, and returns the highest number that it
// reported.
std::size_t kill_a_run(const store::TestFolder& folder, std::size_t encoded, useconds_t after) {
  IndexingProcess process(folder);
  std::optional<std::size_t> report = process.report();
  EXPECT_TRUE(report) << "the process did not start";
  std::size_t reported = 0;
  while (report && reported < encoded) {
    report = process.report();
    reported = std::max(reported, report.value_or(0));
  }
  usleep(after);
  process.kill();
  while ((report = process.report())) reported = std::max(reported, *report);
  return reported;
}

TEST(KillTest, LosesNothingThatWasReported) {
  constexpr std::size_t kPictures = 2500;
  constexpr int kKills = 50;
  store::TestFolder folder;
  for (int i = 0; i < static_cast<int>(kPictures); ++i) {
    auto file = folder.write(picture_name(i), std::to_string(i));
    std::filesystem::last_write_time(file, std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
  }
  FakeEncoder encoder;
  std::mt19937 generator(2024);
  std::size_t stored = 0;
  int killed_while_storing = 0;
  for (int i = 0; i < kKills; ++i) {
    // Every third run is killed at any moment after its start, the others only after they have stored something, so
    // that the test also works on a slow machine.
    const bool early = i % 3 == 0;
    std::size_t encoded = early ? 0 : 1 + generator() % 30;
    std::size_t reported = kill_a_run(folder, encoded, static_cast<useconds_t>(generator() % 300'000));
    Catalog catalog(folder / "clip.db", encoder, OpenMode::kReadOnly);
    std::size_t now = catalog.stats().items;
    ASSERT_GE(now, stored + reported) << "after kill " << i;
    stored = now;
    if (reported > 0 && stored < kPictures) ++killed_while_storing;
    store::Store(folder / "clip.db", store::Access::kRead).verify();
  }
  EXPECT_GT(killed_while_storing, 0) << "no run was killed while it stored pictures";

  Catalog catalog(folder / "clip.db", encoder, OpenMode::kCreate);
  IndexOptions options;
  options.paths = {folder / "pictures"};
  IndexReport report = catalog.index(options);
  EXPECT_EQ(report.unchanged, stored);
  EXPECT_EQ(report.added, kPictures - stored);
  EXPECT_EQ(report.total, kPictures);
  for (int i = 0; i < static_cast<int>(kPictures); i += 97) {
    SearchHit hit = catalog.search(encoder.embed(std::to_string(i)), 1).at(0);
    EXPECT_EQ(hit.path, (folder / picture_name(i)).string());
    EXPECT_NEAR(hit.score, 1, 1e-5);
  }
}

}  // namespace
}  // namespace clipseek::catalog
