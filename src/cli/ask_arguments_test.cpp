#include "cli/ask_arguments.h"

#include <gtest/gtest.h>

#include "clipseek/error.h"

namespace clipseek::cli {
namespace {

TEST(AskArguments, ReachTheOtherProgramUnchanged) {
  for (const char* query : {"a red cup", "--json", "--ros-args", "", "-", "a\nb\xff"}) {
    AskArguments given{.query = query, .image = "/p/a b.jpg", .top_k = 7, .timeout = 0.25, .json = true};
    AskArguments read = read_ask_words(ask_words(given));
    EXPECT_EQ(read.query, given.query);
    EXPECT_EQ(read.image, given.image);
    EXPECT_EQ(read.top_k, given.top_k);
    EXPECT_EQ(read.timeout, given.timeout);
    EXPECT_EQ(read.json, given.json);
  }
  EXPECT_FALSE(read_ask_words(ask_words({.query = "x"})).json);
}

TEST(AskArguments, ANamespaceIsARosArgument) {
  using Words = std::vector<std::string>;
  for (const char* given : {"robot1", "/robot1"}) {
    Words words = ask_words({.query = "x", .name_space = given});
    EXPECT_EQ(Words(words.end() - 3, words.end()), (Words{"--ros-args", "-r", "__ns:=/robot1"}));
    words.resize(words.size() - 3);
    EXPECT_EQ(words, ask_words({.query = "x"}));
  }
}

TEST(AskArguments, RejectsOtherWords) {
  using Words = std::vector<std::string>;
  for (const Words& words : {Words{"a red cup"}, Words{}, Words{"--query="}, Words{"--query=x", "--count=-1"},
                             Words{"--query=x", "--count=9999999"}, Words{"--query=x", "--timeout=x"},
                             Words{"--query=x", "--timeout=nan"}, Words{"--query=x", "--json=1"}}) {
    EXPECT_THROW(read_ask_words(words), Error) << (words.empty() ? "" : words.back());
  }
}

}  // namespace
}  // namespace clipseek::cli
