#include "cli/command_line_parts.h"

#include "clipseek/error.h"

namespace clipseek::cli {

CLI::Option* add_positionals(CLI::App* command, const std::string& name, const std::string& what) {
  static constexpr int kAnyNumber = 1 << 24;  // CLI11 assigns up to this many; with take_all, fewer are accepted
  return command->add_option(name, what)->expected(kAnyNumber)->take_all();
}

void set_query(const std::vector<std::string>& words, const std::string& command, std::string& query,
               const std::string& image) {
  if (words.size() > 1) {
    std::string all = words[0];
    for (std::size_t i = 1; i < words.size(); ++i) all += " " + words[i];
    throw Error(ErrorCode::kInvalidArgument,
                "the query must be one argument; put it in quotes: clipseek " + command + " \"" + all + "\"");
  }
  if (!words.empty()) query = words[0];
  if (query.empty() && image.empty()) {
    throw Error(ErrorCode::kInvalidArgument, "nothing to search for: give a sentence, --image FILE or both");
  }
}

}  // namespace clipseek::cli
