#include <unistd.h>

#include <cerrno>

#include "base/system_error.h"
#include "cli/ask_arguments.h"
#include "cli/commands.h"
#include "cli/node_program.h"

namespace clipseek::cli {

// The program clip_ask takes the place of this process, so that the terminal and its signals are clip_ask's.
int run_ask(const AskArguments& arguments, const Console& console) {
  std::filesystem::path program = find_node_program("clip_manage", "clip_ask");
  AskArguments absolute = arguments;
  if (!absolute.image.empty() && !absolute.image.starts_with("data:")) {
    absolute.image = std::filesystem::absolute(absolute.image).lexically_normal().string();
  }
  std::vector<std::string> words = ask_words(absolute);
  words.insert(words.begin(), program.string());
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  console.out.flush();
  ::execv(program.c_str(), argv.data());
  throw base::system_error("run", program.string(), errno);
}

}  // namespace clipseek::cli
