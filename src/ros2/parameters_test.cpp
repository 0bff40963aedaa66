#include "ros2/parameters.h"

#include <gtest/gtest.h>

#include <cmath>

#include "clipseek/error.h"

namespace clipseek::ros2 {
namespace {

class ParametersTest : public testing::Test {
 protected:
  std::map<std::string, ParameterValue> given_;
  std::vector<ParameterChange> changes_;
  Parameters parameters_{[this](const std::string& name) {
                           auto found = given_.find(name);
                           return found == given_.end() ? nullptr : &found->second;
                         },
                         [this](const std::vector<ParameterChange>& changes) {
                           changes_.insert(changes_.end(), changes.begin(), changes.end());
                         }};
};

TEST_F(ParametersTest, TheCommandLineOverridesTheDefault) {
  given_["topk"] = 5;
  EXPECT_EQ(parameters_.declare("topk", 10), ParameterValue(5));
  EXPECT_EQ(parameters_.get<std::int64_t>("topk"), 5);
  EXPECT_EQ(parameters_.declare("text", "a diagram"), ParameterValue("a diagram"));
  ASSERT_EQ(changes_.size(), 2U);
  EXPECT_TRUE(changes_[0].is_new);
}

TEST_F(ParametersTest, AnOverrideOfAnotherTypeIsAnError) {
  given_["topk"] = "many";
  try {
    parameters_.declare("topk", 10);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "parameter 'topk': Wrong parameter type, parameter {topk} is of type {integer}, setting it to "
                 "{string} is not allowed.");
  }
}

TEST_F(ParametersTest, RejectionsHaveTheWordingOfRclcpp) {
  parameters_.declare("a", 1);
  parameters_.declare("fixed", true, {.read_only = true});
  EXPECT_EQ(parameters_.set("b", 1).reason, "parameter 'b' cannot be set because it was not declared");
  EXPECT_EQ(parameters_.set("fixed", false).reason, "parameter 'fixed' cannot be set because it is read-only");
  EXPECT_EQ(parameters_.set("a", "x").reason,
            "Wrong parameter type, parameter {a} is of type {integer}, setting it to {string} is not allowed.");
  EXPECT_EQ(parameters_.set_atomically({{"a", 2}, {"b", 1}}).reason,
            "One or more parameters were not declared before setting");
  EXPECT_EQ(parameters_.get<std::int64_t>("a"), 1);
  EXPECT_TRUE(parameters_.set("a", 2).successful);
  EXPECT_EQ(parameters_.get<std::int64_t>("a"), 2);
}

TEST_F(ParametersTest, RangesAndChecksAreEnforced) {
  parameters_.declare("steps", 4, {.integer_range = IntegerRange{0, 10, 4}});
  EXPECT_TRUE(parameters_.set("steps", 8).successful);
  EXPECT_TRUE(parameters_.set("steps", 10).successful);  // an end of the range
  EXPECT_EQ(parameters_.set("steps", 5).reason, "Parameter {steps} doesn't comply with integer range.");
  EXPECT_FALSE(parameters_.set("steps", 12).successful);
  parameters_.declare("part", 0.5, {.floating_point_range = FloatingPointRange{0, 1, 0.1}});
  EXPECT_TRUE(parameters_.set("part", 0.3).successful);
  EXPECT_EQ(parameters_.set("part", 0.35).reason, "Parameter {part} doesn't comply with floating point range.");
  for (double wrong : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    EXPECT_EQ(parameters_.set("part", wrong).reason, "Parameter {part} must be a finite number.");
  }
  given_["max_rate"] = HUGE_VAL;
  EXPECT_THROW(parameters_.declare("max_rate", 0.0, {.floating_point_range = FloatingPointRange{0, 1000, 0}}), Error);
  parameters_.declare("even", 2, {.check = [](const ParameterValue& value) -> std::optional<std::string> {
                        if (std::get<std::int64_t>(value) % 2 == 0) return std::nullopt;
                        return "odd";
                      }});
  EXPECT_EQ(parameters_.set("even", 3).reason, "odd");
}

TEST(Parameters, AChangeThatCannotTakeEffectIsUndone) {
  bool fails = false;
  Parameters parameters([](const std::string&) { return nullptr; },
                        [&](const auto&) {
                          if (fails) throw Error(ErrorCode::kUnavailable, "no clock");
                        });
  parameters.declare("a", 1);
  parameters.declare("b", 1);
  fails = true;
  EXPECT_EQ(parameters.set_atomically({{"a", 2}, {"b", 2}, {"a", 3}}), (SetParametersResult{false, "no clock"}));
  EXPECT_EQ(parameters.get<std::int64_t>("a"), 1);
  EXPECT_EQ(parameters.get<std::int64_t>("b"), 1);
  fails = false;
  EXPECT_TRUE(parameters.set("a", 2).successful);
  EXPECT_EQ(parameters.get<std::int64_t>("a"), 2);
}

TEST_F(ParametersTest, ListsByPrefixAndDepth) {
  for (const char* name : {"top", "a.b", "a.c.d", "ab.c"}) parameters_.declare(name, 1);
  using Names = std::vector<std::string>;
  EXPECT_EQ(parameters_.list({}, 0).names, (Names{"a.b", "a.c.d", "ab.c", "top"}));
  EXPECT_EQ(parameters_.list({}, 1).names, (Names{"top"}));
  EXPECT_EQ(parameters_.list({"a"}, 0).names, (Names{"a.b", "a.c.d"}));
  EXPECT_EQ(parameters_.list({"a"}, 0).prefixes, (Names{"a", "a.c"}));
  EXPECT_EQ(parameters_.list({"a"}, 1).names, (Names{"a.b"}));
  EXPECT_EQ(parameters_.list({"top"}, 1).names, (Names{"top"}));
}

TEST_F(ParametersTest, DescriptorsHoldTheDescription) {
  parameters_.declare("n", 3, {.text = "how many", .constraints = "not 7", .integer_range = IntegerRange{1, 9, 1}});
  ParameterDescriptor descriptor = *parameters_.describe("n");
  EXPECT_EQ(descriptor.type, 2);
  EXPECT_EQ(descriptor.description, "how many");
  EXPECT_EQ(descriptor.integer_range.at(0).to_value, 9);
  EXPECT_FALSE(parameters_.describe("none").has_value());
  EXPECT_THROW(parameters_.declare("n", 1), Error);
  EXPECT_THROW(parameters_.get<bool>("n"), Error);
}

TEST(ParameterValue, RoundTripsThroughItsMessage) {
  for (const ParameterValue& value :
       {ParameterValue(), ParameterValue(true), ParameterValue(-5), ParameterValue(0.25), ParameterValue("x"),
        ParameterValue(std::vector<std::byte>{std::byte{7}}), ParameterValue(std::vector<bool>{true, false}),
        ParameterValue(std::vector<std::int64_t>{1}), ParameterValue(std::vector<double>{0.5}),
        ParameterValue(std::vector<std::string>{"a", "b"})}) {
    EXPECT_EQ(from_message(to_message(value)), value);
  }
  ParameterValueMessage unknown;
  unknown.type = 10;
  EXPECT_THROW(from_message(unknown), Error);
  EXPECT_EQ(value_text(ParameterValue(std::vector<std::string>{"a", "b"})), "[a, b]");
  EXPECT_EQ(value_text(ParameterValue(0.5)), "0.5");
}

}  // namespace
}  // namespace clipseek::ros2
