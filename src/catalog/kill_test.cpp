// Index runs that are killed with SIGKILL at random moments lose nothing that they have reported as stored.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <random>

#include "catalog/catalog_fixture.h"
#include "store/store.h"

namespace clipseek {
namespace {

constexpr const char* kFolderVariable = "CLIPSEEK_KILL_TEST_FOLDER";
constexpr int kReportTo = 3;  // the file descriptor on which the killed process reports

// What the killed process runs: not a test of its own.
TEST(KillTestChild, DISABLED_IndexesUntilItIsKilled) {
  const char* folder = std::getenv(kFolderVariable);
  if (folder == nullptr) GTEST_SKIP() << "only runs as the child of KillTest";
  auto report = [](std::size_t encoded) {
    EXPECT_EQ(write(kReportTo, &encoded, sizeof(encoded)), ssize_t{sizeof(encoded)});
  };
  FakeEncoder encoder;
  encoder.delay = std::chrono::milliseconds(3);
  Catalog catalog(std::string(folder) + "/clip.db", encoder, OpenMode::kCreate);
  IndexOptions options;
  options.paths = {std::string(folder) + "/pictures"};
  options.progress = [&](const IndexProgress& progress) { report(progress.encoded); };
  report(0);
  catalog.index(options);
}

class Child {
 public:
  explicit Child(const std::filesystem::path& folder) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    pid_ = fork();
    if (pid_ == 0) {
      setenv(kFolderVariable, folder.c_str(), 1);
      dup2(ends[1], kReportTo);
      int null = open("/dev/null", O_WRONLY);
      dup2(null, STDOUT_FILENO);
      execl("/proc/self/exe", "kill_test", "--gtest_filter=KillTestChild.DISABLED_IndexesUntilItIsKilled",
            "--gtest_also_run_disabled_tests", nullptr);
      _exit(127);
    }
    close(ends[1]);
    reports_ = ends[0];
  }
  ~Child() {
    close(reports_);
    waitpid(pid_, nullptr, 0);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // The next report; nothing when the child has ended.
  std::optional<std::size_t> report() const {
    std::size_t encoded = 0;
    if (read(reports_, &encoded, sizeof(encoded)) != ssize_t{sizeof(encoded)}) return std::nullopt;
    return encoded;
  }
  void kill() const { ::kill(pid_, SIGKILL); }

 private:
  pid_t pid_;
  int reports_;
};

class KillTest : public testing::Test, protected CatalogFixture {};

TEST_F(KillTest, LosesNothingThatWasReported) {
  constexpr int kPictures = 2500;
  constexpr int kKills = 50;
  for (int i = 0; i < kPictures; ++i)
    picture(std::to_string(i % 40) + "/" + std::to_string(i) + ".jpg", std::to_string(i));
  std::mt19937 generator(2024);
  std::size_t stored = 0;
  int interrupted = 0;
  for (int i = 0; i < kKills; ++i) {
    std::size_t reported = 0;
    {
      Child child(folder_.path());
      ASSERT_TRUE(child.report()) << "the child did not start";
      usleep(static_cast<useconds_t>(generator() % 400'000));
      child.kill();
      while (auto report = child.report()) reported = std::max(reported, *report);
    }
    std::size_t now = catalog_.stats().items;
    ASSERT_GE(now, stored + reported) << "after kill " << i;
    stored = now;
    if (stored > 0 && stored < kPictures) ++interrupted;
    Store(database_, Access::kRead).verify();
  }
  EXPECT_GT(interrupted, 0) << "no kill hit a run at work: the test shows nothing";
  ToldReport report = index();
  EXPECT_EQ(report.unchanged, stored);
  EXPECT_EQ(report.added, kPictures - stored);
  EXPECT_EQ(report.total, static_cast<std::size_t>(kPictures));
  for (int i = 0; i < kPictures; i += 97) {
    SearchHit hit = nearest(std::to_string(i));
    EXPECT_EQ(hit.path, path(std::to_string(i % 40) + "/" + std::to_string(i) + ".jpg"));
    EXPECT_NEAR(hit.score, 1, 1e-5);
  }
}

}  // namespace
}  // namespace clipseek
