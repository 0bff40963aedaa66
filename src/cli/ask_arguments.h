// The arguments of `clipseek ask`, and how it passes them to the program clip_ask, which sends the query.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace clipseek::cli {

struct AskArguments {
  std::string query{};    // empty: none; at least one of query and image is given
  std::string image{};    // empty: none; else an absolute path or a data URL
  std::size_t top_k = 0;  // 0: the server's parameter topk
  double timeout = 10;    // seconds
  bool json = false;
  std::string name_space{};  // of clip_manage; empty: the root namespace
};

// Returns the command line for clip_ask, without the program's name: each word is an option with its value, so that no
// query is mistaken for an option. A namespace becomes ROS arguments at the end.
std::vector<std::string> ask_words(const AskArguments& arguments);
// The reverse, for words without ROS arguments. Throws Error kInvalidArgument for any other word, and if there is
// neither a query nor an image.
AskArguments read_ask_words(std::span<const std::string> words);

}  // namespace clipseek::cli
