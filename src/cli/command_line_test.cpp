#include "cli/command_line.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "clipseek/error.h"

namespace clipseek::cli {
namespace {

Command parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "clipseek");
  return parse_command_line(static_cast<int>(arguments.size()), arguments.data());
}

std::string output_of(const std::vector<const char*>& arguments) {
  std::ostringstream out;
  std::ostringstream err;
  EXPECT_EQ(parse(arguments)({out, err, {}, {}}), 0);
  EXPECT_EQ(err.str(), "");
  return out.str();
}

std::string error_of(const std::vector<const char*>& arguments) {
  try {
    parse(arguments);
  } catch (const Error& error) {
    EXPECT_EQ(error_info(error.code()).exit_status, 2) << error.what();
    return error.what();
  }
  return "no error";
}

TEST(CommandLine, RejectsAWrongCommandLine) {
  EXPECT_NE(error_of({"find"}).find("find"), std::string::npos);
  EXPECT_NE(error_of({"index"}).find("clipseek index --help"), std::string::npos);
  EXPECT_NE(error_of({"index", "--jobs", "0", "."}).find("--jobs"), std::string::npos);
  EXPECT_NE(error_of({"index", "--colour", "."}).find("--colour"), std::string::npos);
  EXPECT_NE(error_of({"search"}).find("nothing to search for"), std::string::npos);
  EXPECT_NE(error_of({"search", ""}).find("nothing to search for"), std::string::npos);
  EXPECT_NE(error_of({"search", "-k", "0", "x"}).find("-k"), std::string::npos);
  EXPECT_NE(error_of({"search", "-k", "many", "x"}).find("-k"), std::string::npos);
  EXPECT_NE(error_of({"encode"}).find("nothing to encode"), std::string::npos);
  EXPECT_NE(error_of({"ask"}).find("nothing to search for"), std::string::npos);
  EXPECT_NE(error_of({"ask", "--timeout", "0", "q"}).find("--timeout"), std::string::npos);
  EXPECT_NE(error_of({"ask", "a", "cup"}).find("clipseek ask \"a cup\""), std::string::npos);
  EXPECT_NE(error_of({"encode", "--precision", "f8", "--text", "x"}).find("'f8'"), std::string::npos);
  EXPECT_NE(error_of({"tokenize"}).find("clipseek tokenize --help"), std::string::npos);
  EXPECT_NE(error_of({"info", "extra"}).find("extra"), std::string::npos);
}

TEST(CommandLine, ExplainsHowToQuoteAQueryOfSeveralWords) {
  EXPECT_EQ(error_of({"search", "a", "red", "car"}),
            "the query must be one argument; put it in quotes: clipseek search \"a red car\"");
}

TEST(CommandLine, AcceptsAllDocumentedForms) {
  EXPECT_TRUE(parse({"index", "--db", "a.db", "--model", "m", "--jobs", "4", "p", "q"}));
  EXPECT_TRUE(
      parse({"search", "--db", "a.db", "--model", "m", "-k", "5", "--json", "--links", "d", "--image", "f", "q"}));
  EXPECT_TRUE(parse({"search", "q", "--json"}));
  EXPECT_TRUE(parse({"search", "--", "--json"}));
  EXPECT_TRUE(parse({"encode", "--precision", "bf16", "--image", "a", "--text", "", "--text=-1", "--image", "b"}));
  EXPECT_TRUE(parse({"tokenize", "--json", "a", "", "{}"}));
  EXPECT_TRUE(parse({"info", "--db", "a.db", "--json"}));
  EXPECT_TRUE(parse({"bench", "--precision", "f32", "--json"}));
  EXPECT_TRUE(parse({"ask", "-k", "5", "--json", "--timeout", "2.5", "--namespace", "/a", "--image", "f", "q"}));
}

TEST(CommandLine, ReportsThatInt8IsNotSupported) {
  EXPECT_NE(error_of({"bench", "--precision", "int8"}).find("'int8', only auto, f32 and bf16"), std::string::npos);
}

TEST(CommandLine, NamesAnUnknownOptionBeforeAMissingArgument) {
  EXPECT_NE(error_of({"index", "-dash.png"}).find("there is no option -dash.png"), std::string::npos);
  EXPECT_NE(error_of({"index", "--blue=1", "."}).find("there is no option --blue=1"), std::string::npos);
  EXPECT_NE(error_of({"model", "pull", "-x"}).find("there is no option -x"), std::string::npos);
  EXPECT_TRUE(parse({"index", "--", "-dash.png"}));
}

TEST(CommandLine, RejectsADatabaseWithoutAName) {
  EXPECT_EQ(error_of({"index", "--db", "", "."}), "--db needs a file name");
}

TEST(CommandLine, HelpAndVersionAreCommands) {
  EXPECT_NE(output_of({"--help"}).find("clipseek search \"a dog"), std::string::npos);
  EXPECT_NE(output_of({"index", "--help"}).find("PATH..."), std::string::npos);
  EXPECT_NE(output_of({"ask", "--help"}).find("rank, score, path, stamp, frame_id"), std::string::npos);
  EXPECT_EQ(output_of({"--version"}).find("clipseek "), 0U);
}

TEST(CommandLine, WithoutArgumentsPrintsTheHelpToStderrAndFails) {
  std::ostringstream out;
  std::ostringstream err;
  EXPECT_EQ(parse({})({out, err, {}, {}}), 2);
  EXPECT_EQ(out.str(), "");
  EXPECT_NE(err.str().find("clipseek index"), std::string::npos);
}

}  // namespace
}  // namespace clipseek::cli
