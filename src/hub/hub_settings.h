// The hub's address, the token and the folder of the cache. They come from the environment variables of the
// huggingface_hub package (docs/models.md lists them), so that both programs share one cache.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace clipseek::hub {

struct HubSettings {
  std::string endpoint = "https://huggingface.co";  // without a slash at its end
  std::string token;                                // empty: anonymous
  std::filesystem::path cache;                      // contains models--owner--name folders; need not exist
  bool offline = false;                             // no network access
  int stall_seconds = 30;                           // a transfer without data for this time has failed
};

// Reads HF_ENDPOINT, HF_TOKEN, HF_HOME and the rest with `variable`, which returns a null pointer for a variable that
// is not set; an empty value counts as not set. Reads the token file where no variable contains a token. Throws Error
// kInvalidArgument, naming the variable, for an invalid value.
HubSettings hub_settings(const std::function<const char*(const char* name)>& variable);

// Reads this process's environment.
HubSettings hub_settings();

}  // namespace clipseek::hub
