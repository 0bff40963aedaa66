#include "ros2/parameter_file.h"

#include <gtest/gtest.h>

#include <cmath>

#include "clipseek/error.h"

namespace clipseek::ros2 {
namespace {

std::string error_of(std::string_view yaml) {
  try {
    parse_parameter_file(yaml, "p.yaml");
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()).substr(0, 7), "p.yaml:") << error.what();
    return error.what();
  }
  return "";
}

TEST(ParameterFile, ReadsNodesNamespacesAndNestedNames) {
  auto overrides = parse_parameter_file(R"(
clip_manage:
  ros__parameters:
    db_file: "clip.db"
    serve: {threshold: 0.5, on: true}
/ns:
  node:
    ros__parameters: {list: [1, 2]}
/**:
  ros__parameters:
    text: a dog
)",
                                        "p.yaml");
  ASSERT_EQ(overrides.size(), 5U);
  EXPECT_EQ(overrides[0].node_pattern, "/clip_manage");
  EXPECT_EQ(overrides[0].name, "db_file");
  EXPECT_EQ(overrides[0].value, ParameterValue("clip.db"));
  EXPECT_EQ(overrides[1].name, "serve.threshold");
  EXPECT_EQ(overrides[1].value, ParameterValue(0.5));
  EXPECT_EQ(overrides[3].node_pattern, "/ns/node");
  EXPECT_EQ(overrides[3].value, ParameterValue(std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(overrides[4].node_pattern, "/**");
  EXPECT_EQ(overrides[4].value, ParameterValue("a dog"));
}

// The table of rcl_yaml_param_parser.
TEST(ParameterFile, TypesOfPlainScalars) {
  for (const char* text : {"Y", "yes", "True", "on", "ON"}) EXPECT_EQ(scalar_value(text), ParameterValue(true));
  for (const char* text : {"n", "No", "FALSE", "off"}) EXPECT_EQ(scalar_value(text), ParameterValue(false));
  EXPECT_EQ(scalar_value("0x1F"), ParameterValue(31));
  EXPECT_EQ(scalar_value("010"), ParameterValue(8));
  EXPECT_EQ(scalar_value("-3"), ParameterValue(-3));
  EXPECT_EQ(scalar_value("1e3"), ParameterValue(1000.0));
  EXPECT_EQ(scalar_value("1."), ParameterValue(1.0));
  EXPECT_EQ(scalar_value("-.inf"), ParameterValue(-INFINITY));
  EXPECT_TRUE(std::isnan(std::get<double>(scalar_value(".nan"))));
  EXPECT_EQ(scalar_value("1.2.3"), ParameterValue("1.2.3"));
  EXPECT_EQ(scalar_value("tRUE"), ParameterValue("tRUE"));
}

TEST(ParameterFile, QuotedAndTaggedScalarsAreText) {
  EXPECT_EQ(parse_parameter_value("'1'", "x"), ParameterValue("1"));
  EXPECT_EQ(parse_parameter_value("\"true\"", "x"), ParameterValue("true"));
  EXPECT_EQ(parse_parameter_value("!!str 5", "x"), ParameterValue("5"));
}

// YAML's core schema reads these words as null, ROS 2's parser as strings.
TEST(ParameterFile, NullIsText) {
  for (const char* text : {"null", "Null", "~"}) {
    EXPECT_EQ(parse_parameter_value(text, "x"), ParameterValue(text));
    auto overrides = parse_parameter_file("n: {ros__parameters: {x: " + std::string(text) + "}}", "p.yaml");
    ASSERT_EQ(overrides.size(), 1U);
    EXPECT_EQ(overrides[0].value, ParameterValue(text));
  }
}

TEST(ParameterFile, ListsHaveOneType) {
  EXPECT_EQ(parse_parameter_value("[a, b]", "x"), ParameterValue(std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(parse_parameter_value("[true]", "x"), ParameterValue(std::vector<bool>{true}));
  EXPECT_EQ(parse_parameter_value("[1.5, 2.0]", "x"), ParameterValue(std::vector<double>{1.5, 2}));
  EXPECT_THROW(parse_parameter_value("[1, 2.0]", "x"), Error);
  EXPECT_THROW(parse_parameter_value("[[1]]", "x"), Error);
  EXPECT_THROW(parse_parameter_value("{a: 1}", "x"), Error);
}

TEST(ParameterFile, ErrorsNameTheCause) {
  EXPECT_NE(error_of("a: [").find("invalid YAML at line"), std::string::npos);
  EXPECT_NE(error_of("a: \xFF").find("invalid YAML at line"), std::string::npos);
  EXPECT_NE(error_of("n:\n  ros__parameters:\n    x:\n").find("no value"), std::string::npos);
  EXPECT_NE(error_of("ros__parameters:\n  x: 1\n").find("below a node name"), std::string::npos);
  EXPECT_NE(error_of("n: 5").find("must be a map"), std::string::npos);
  EXPECT_NE(error_of("n:\n  ros__parameters:\n    a: &x 1\n    b: *x\n").find("aliases"), std::string::npos);
  EXPECT_NE(error_of(std::string(100'000, '[')), "");
  EXPECT_EQ(error_of(""), "");
}

}  // namespace
}  // namespace clipseek::ros2
