#include "web/index_jobs.h"

#include <gtest/gtest.h>
#include <pthread.h>

#include <system_error>

#include "catalog/testing/catalog_fixture.h"

namespace clipseek::web {
namespace {

class IndexJobsTest : public testing::Test, protected catalog::CatalogFixture {
 protected:
  const CatalogStats before_ = catalog_.stats();  // creates the database that the library opens
  catalog::Library library_{database_, encoder_.info()};
  IndexJobs jobs_{catalog_, library_};
};

// While it exists, no thread can be started, because the stack of a new one would be larger than the address space.
class NoThreads {
 public:
  NoThreads() {
    pthread_getattr_default_np(&before_);
    pthread_attr_t huge = before_;
    pthread_attr_setstacksize(&huge, std::size_t{1} << 52);
    pthread_setattr_default_np(&huge);
  }
  ~NoThreads() {
    pthread_setattr_default_np(&before_);
    pthread_attr_destroy(&before_);
  }
  NoThreads(const NoThreads&) = delete;
  NoThreads& operator=(const NoThreads&) = delete;

 private:
  pthread_attr_t before_;
};

TEST_F(IndexJobsTest, StartsAJobAfterOneWhoseThreadCouldNotStart) {
  picture("a.jpg", "a");
  {
    NoThreads none;
    EXPECT_THROW(jobs_.start({pictures_}), std::system_error);
  }
  EXPECT_TRUE(jobs_.all().empty());
  IndexJobs::Start start = jobs_.start({pictures_});
  EXPECT_TRUE(start.started);
  EXPECT_EQ(start.job->id(), 1);
  EXPECT_EQ(jobs_.all().size(), 1U);
}

}  // namespace
}  // namespace clipseek::web
