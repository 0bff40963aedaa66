#include "ros2/arguments.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "clipseek/error.h"

namespace clipseek::ros2 {
namespace {

Arguments parse(const std::vector<std::string>& words) {
  return parse_arguments(words);
}

TEST(Arguments, KeepsArgumentsOutsideRosArgs) {
  Arguments arguments = parse({"a", "--ros-args", "-p", "x:=1", "--", "b", "--ros-args", "--log-level", "WARN"});
  EXPECT_EQ(arguments.other, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(arguments.log_level, Severity::kWarn);
}

TEST(Arguments, LaterParametersOverrideEarlierOnes) {
  Arguments arguments =
      parse({"--ros-args", "-p", "mode:=1", "-p", "mode:=2", "-p", "other:mode:=3", "--param", "text:=a dog"});
  EXPECT_EQ(*arguments.parameter("/node", "mode"), ParameterValue(2));
  EXPECT_EQ(*arguments.parameter("/other", "mode"), ParameterValue(3));
  EXPECT_EQ(*arguments.parameter("/ns/node", "text"), ParameterValue("a dog"));
  EXPECT_EQ(arguments.parameter("/node", "none"), nullptr);
}

TEST(Arguments, RemapsNodeNamespaceAndTopics) {
  Arguments arguments = parse({"--ros-args", "-r", "__node:=new", "-r", "__ns:=/robot", "-r", "chatter:=talk", "-r",
                               "~/query:=/ask", "--remap", "new:rostopic://both:=/topic", "-r",
                               "rosservice://both:=/service", "-r", "chatter:=too_late", "-r", "else:chatter2:=x"});
  NodeIdentity node = remap_node(arguments, "old", "");
  EXPECT_EQ(node.name, "new");
  EXPECT_EQ(node.name_space, "/robot");
  EXPECT_EQ(remap_topic(arguments, node, "chatter"), "/robot/talk");
  EXPECT_EQ(remap_topic(arguments, node, "/robot/chatter"), "/robot/talk");
  EXPECT_EQ(remap_topic(arguments, node, "/chatter"), "/chatter");
  EXPECT_EQ(remap_topic(arguments, node, "~/query"), "/ask");
  EXPECT_EQ(remap_topic(arguments, node, "both"), "/topic");
  EXPECT_EQ(remap_service(arguments, node, "both"), "/service");
  EXPECT_EQ(remap_topic(arguments, node, "chatter2"), "/robot/chatter2");
}

TEST(Arguments, ARuleForOneNodeDoesNotApplyToOthers) {
  Arguments arguments = parse({"--ros-args", "-r", "a:__node:=b", "-r", "b:__ns:=/x"});
  EXPECT_EQ(remap_node(arguments, "c", "/").name, "c");
  NodeIdentity node = remap_node(arguments, "a", "/");
  EXPECT_EQ(node.name, "b");
  EXPECT_EQ(node.name_space, "/x");
}

TEST(Arguments, DeprecatedRemapSyntaxIsAccepted) {
  Arguments arguments = parse({"chatter:=talk", "plain"});
  EXPECT_EQ(remap_topic(arguments, {"n", "/"}, "chatter"), "/talk");
  EXPECT_EQ(arguments.other, std::vector<std::string>{"plain"});
}

TEST(Arguments, LogSwitches) {
  Arguments arguments =
      parse({"--ros-args", "--log-level", "ns.node:=debug", "--disable-stdout-logs", "--disable-rosout-logs",
             "--enable-rosout-logs", "-e", "/secret", "--log-file-name", "x"});
  EXPECT_EQ(arguments.logger_levels.at("ns.node"), Severity::kDebug);
  EXPECT_FALSE(arguments.console_logs);
  EXPECT_TRUE(arguments.rosout_logs);
  EXPECT_TRUE(arguments.file_logs);
  EXPECT_EQ(arguments.enclave, "/secret");
  EXPECT_EQ(arguments.log_file_name, "x");
}

TEST(Arguments, InvalidArgumentsAreRejectedAsByRcl) {
  using Words = std::vector<std::string>;
  for (const Words& words :
       {Words{"-p"}, Words{"-p", "x=1"}, Words{"-p", ":=1"}, Words{"-p", "x:="}, Words{"-r", "a"}, Words{"-r", "a:="},
        Words{"-r", "__ns:=x"}, Words{"-r", "a b:=c"}, Words{"--log-level", "loud"}, Words{"--what"}, Words{"stray"},
        Words{"--enable-x-logs"}, Words{"--log-config-file", "x"}, Words{"--params-file", "/nowhere/x.yaml"}}) {
    Words all{"--ros-args"};
    all.insert(all.end(), words.begin(), words.end());
    EXPECT_THROW(parse(all), Error) << words[0];
  }
}

TEST(Arguments, TheLevelOfALoggerIsTheMostSpecificOne) {
  EXPECT_EQ(parse({}).level_of("node"), Severity::kInfo);
  Arguments arguments = parse({"--ros-args", "--log-level", "warn", "--log-level", "node:=debug"});
  EXPECT_EQ(arguments.level_of("node"), Severity::kDebug);
  EXPECT_EQ(arguments.level_of("other"), Severity::kWarn);
}

TEST(Arguments, LevelsAreTheNumbersOfLogMessages) {
  EXPECT_EQ(severity_from(10U), Severity::kDebug);
  EXPECT_EQ(severity_from(50U), Severity::kFatal);
  for (std::uint32_t other : {5U, 60U, 0x80000000U}) EXPECT_EQ(severity_from(other), std::nullopt);
}

TEST(Arguments, ReadsParameterFiles) {
  std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("clipseek_arguments_" + std::to_string(getpid()) + ".yaml");
  std::ofstream(file) << "/**:\n  ros__parameters:\n    topk: 3\n";
  Arguments arguments = parse({"--ros-args", "-p", "topk:=1", "--params-file", file.string()});
  EXPECT_EQ(*arguments.parameter("/n", "topk"), ParameterValue(3));
  arguments = parse({"--ros-args", "--params-file", file.string(), "-p", "topk:=1"});
  EXPECT_EQ(*arguments.parameter("/n", "topk"), ParameterValue(1));
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace clipseek::ros2
