#include "ros2/qos_overrides.h"

#include <gtest/gtest.h>

#include <map>

#include "clipseek/error.h"
#include "ros2/arguments.h"

namespace clipseek::ros2 {
namespace {

class QosOverrides : public testing::Test {
 protected:
  Qos overridden(TopicEnd end, const Qos& qos = {}) { return overridden_qos(parameters_, "/chatter", end, qos); }

  std::map<std::string, ParameterValue> given_;
  Parameters parameters_{[this](const std::string& name) {
                           auto found = given_.find(name);
                           return found == given_.end() ? nullptr : &found->second;
                         },
                         [](const std::vector<ParameterChange>&) {}};
};

TEST_F(QosOverrides, TheDefaultsAreThoseOfTheProgramAndCanBeRead) {
  Qos qos = overridden(TopicEnd::kSubscription, {.reliable = false, .transient_local = true, .depth = 7});
  EXPECT_FALSE(qos.reliable);
  EXPECT_TRUE(qos.transient_local);
  EXPECT_FALSE(qos.keep_all);
  EXPECT_EQ(qos.depth, 7);
  const std::string base = "qos_overrides./chatter.subscription.";
  EXPECT_EQ(parameters_.get<std::string>(base + "reliability"), "best_effort");
  EXPECT_EQ(parameters_.get<std::string>(base + "durability"), "transient_local");
  EXPECT_EQ(parameters_.get<std::string>(base + "history"), "keep_last");
  EXPECT_EQ(parameters_.get<std::int64_t>(base + "depth"), 7);
  EXPECT_EQ(parameters_.set(base + "depth", 8).reason,
            "parameter '" + base + "depth' cannot be set because it is read-only");
}

TEST_F(QosOverrides, EachPolicyCanBeSetForEachEnd) {
  const std::string base = "qos_overrides./chatter.publisher.";
  given_ = {{base + "reliability", "best_effort"},
            {base + "durability", "transient_local"},
            {base + "history", "keep_all"},
            {base + "depth", 3}};
  Qos publisher = overridden(TopicEnd::kPublisher, {.lifespan = std::chrono::seconds(5)});
  EXPECT_FALSE(publisher.reliable);
  EXPECT_TRUE(publisher.transient_local);
  EXPECT_TRUE(publisher.keep_all);
  EXPECT_EQ(publisher.depth, 3);
  EXPECT_EQ(publisher.lifespan, std::chrono::seconds(5));
  Qos subscription = overridden(TopicEnd::kSubscription);
  EXPECT_TRUE(subscription.reliable);
  EXPECT_EQ(subscription.depth, 10);
}

// Such as a reader that follows the reliability of the publishers unless the user has fixed it.
TEST_F(QosOverrides, ASecondEndpointOfATopicGetsTheSameOverridesAndItsOwnOtherValues) {
  given_ = {{"qos_overrides./chatter.subscription.depth", 3}};
  overridden(TopicEnd::kSubscription, {.reliable = true, .depth = 10});
  Qos second = overridden(TopicEnd::kSubscription, {.reliable = false, .depth = 5});
  EXPECT_EQ(second.depth, 3);
  EXPECT_FALSE(second.reliable);
  EXPECT_EQ(parameters_.get<std::string>("qos_overrides./chatter.subscription.reliability"), "reliable");
}

TEST_F(QosOverrides, AValueThatIsNotAllowedIsAnErrorWithTheParametersName) {
  const std::string base = "qos_overrides./chatter.publisher.";
  const std::pair<const char*, ParameterValue> bad[] = {{"reliability", "fast"}, {"durability", "persistent"},
                                                        {"history", ""},         {"depth", 0},
                                                        {"depth", 1'000'000},    {"depth", "ten"}};
  for (const auto& [policy, value] : bad) {
    given_ = {{base + policy, value}};
    try {
      overridden_qos(parameters_, "/chatter", TopicEnd::kPublisher, {});
      FAIL() << policy << " " << value_text(value);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
      EXPECT_NE(std::string(error.what()).find(base + policy), std::string::npos) << error.what();
    }
  }
}

TEST_F(QosOverrides, NamesTheAllowedValues) {
  given_ = {{"qos_overrides./chatter.publisher.reliability", "fast"}};
  try {
    overridden(TopicEnd::kPublisher);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "parameter 'qos_overrides./chatter.publisher.reliability': 'fast' is not supported: use reliable or "
                 "best_effort");
  }
}

TEST_F(QosOverrides, TheFormOfAParameterFileIsThatOfRclcpp) {
  auto values = parse_parameter_file(
      "talker:\n  ros__parameters:\n    qos_overrides:\n      /chatter:\n        publisher:\n          depth: 20\n",
      "test.yaml");
  ASSERT_EQ(values.size(), 1U);
  given_ = {{values[0].name, values[0].value}};
  EXPECT_EQ(overridden(TopicEnd::kPublisher).depth, 20);
}

}  // namespace
}  // namespace clipseek::ros2
