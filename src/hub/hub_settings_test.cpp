#include "hub/hub_settings.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <map>

#include "clipseek/error.h"

namespace clipseek::hub {
namespace {

HubSettings settings_of(std::map<std::string, std::string> variables) {
  variables.try_emplace("HOME", "/home/me");
  return hub_settings([&](const char* name) {
    auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  });
}

// The expected values are those of constants.py in huggingface_hub 0.36.
TEST(HubSettings, FindsTheCacheWhereTheHubsOwnClientDoes) {
  EXPECT_EQ(settings_of({}).cache, "/home/me/.cache/huggingface/hub");
  EXPECT_EQ(settings_of({{"XDG_CACHE_HOME", "/x"}}).cache, "/x/huggingface/hub");
  EXPECT_EQ(settings_of({{"HF_HOME", "/h"}, {"XDG_CACHE_HOME", "/x"}}).cache, "/h/hub");
  EXPECT_EQ(settings_of({{"HF_HOME", "~/h"}}).cache, "/home/me/h/hub");
  EXPECT_EQ(settings_of({{"HUGGINGFACE_HUB_CACHE", "/old"}, {"HF_HOME", "/h"}}).cache, "/old");
  EXPECT_EQ(settings_of({{"HF_HUB_CACHE", "/c"}, {"HUGGINGFACE_HUB_CACHE", "/old"}}).cache, "/c");
  EXPECT_EQ(settings_of({{"HF_HUB_CACHE", ""}, {"HF_HOME", ""}}).cache, "/home/me/.cache/huggingface/hub");
  EXPECT_EQ(settings_of({{"HOME", ""}, {"HF_HUB_CACHE", "/c"}}).cache, "/c");
  EXPECT_THROW(settings_of({{"HOME", ""}}), Error);
}

TEST(HubSettings, ReadsTheEndpointWithoutItsSlash) {
  EXPECT_EQ(settings_of({}).endpoint, "https://huggingface.co");
  EXPECT_EQ(settings_of({{"HF_ENDPOINT", "https://hf-mirror.com//"}}).endpoint, "https://hf-mirror.com");
  EXPECT_THROW(settings_of({{"HF_ENDPOINT", "hf-mirror.com"}}), Error);
  EXPECT_THROW(settings_of({{"HF_ENDPOINT", "file:///tmp"}}), Error);
  EXPECT_THROW(settings_of({{"HF_ENDPOINT", "http://a\r\nX: b"}}), Error);
}

TEST(HubSettings, TakesTheTokenFromTheFirstPlaceThatHasOne) {
  std::string path = testing::TempDir() + "clipseek_token_" + std::to_string(::getpid());
  std::ofstream(path) << "  hf_filed\n";
  EXPECT_EQ(settings_of({{"HF_TOKEN_PATH", path}}).token, "hf_filed");
  EXPECT_EQ(settings_of({{"HF_TOKEN", "hf_a\n"}, {"HF_TOKEN_PATH", path}}).token, "hf_a");
  EXPECT_EQ(settings_of({{"HUGGING_FACE_HUB_TOKEN", "hf_b"}}).token, "hf_b");
  EXPECT_EQ(settings_of({{"HF_TOKEN_PATH", path + ".none"}}).token, "");
  EXPECT_THROW(settings_of({{"HF_TOKEN", "hf_a\r\nX-Evil: 1"}}), Error);
  ::unlink(path.c_str());
}

TEST(HubSettings, IsOfflineWhenToldSo) {
  EXPECT_FALSE(settings_of({}).offline);
  EXPECT_FALSE(settings_of({{"HF_HUB_OFFLINE", "0"}}).offline);
  EXPECT_TRUE(settings_of({{"HF_HUB_OFFLINE", "1"}}).offline);
  EXPECT_TRUE(settings_of({{"TRANSFORMERS_OFFLINE", "yes"}}).offline);
}

TEST(HubSettings, RefusesATimeoutThatIsNone) {
  EXPECT_EQ(settings_of({{"HF_HUB_DOWNLOAD_TIMEOUT", "7"}}).stall_seconds, 7);
  for (const char* value : {"0", "-1", "x", "7s", "99999999999"}) {
    EXPECT_THROW(settings_of({{"HF_HUB_DOWNLOAD_TIMEOUT", value}}), Error) << value;
  }
}

}  // namespace
}  // namespace clipseek::hub
