// Which hub is asked, with which token, and where its files lie: the environment variables of the huggingface_hub
// package (docs/models.md lists them), so that both share one cache.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace clipseek::hub {

struct HubSettings {
  std::string endpoint = "https://huggingface.co";  // without a slash at its end
  std::string token;                                // empty: anonymous
  std::filesystem::path cache;                      // holds models--owner--name folders; need not exist
  bool offline = false;                             // nothing may be asked over the network
  int stall_seconds = 30;                           // a transfer that stands still this long has failed
};

// From HF_ENDPOINT, HF_TOKEN, HF_HOME and the rest, each looked up with `variable` (null where it is not set; an empty
// value counts as not set). The token file is read where no variable gives a token. Throws Error kInvalidArgument,
// naming the variable, for a value that cannot be used.
HubSettings hub_settings(const std::function<const char*(const char* name)>& variable);

// From this process's environment.
HubSettings hub_settings();

}  // namespace clipseek::hub
