#include "cli/launch_plan.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "clipseek/error.h"

namespace clipseek::cli {
namespace {

std::string error_of(const std::vector<std::string>& arguments) {
  try {
    plan_launch(arguments);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    return error.what();
  }
  return "no error";
}

bool contains(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

TEST(LaunchPlan, StartsTheThreeNodesTheManagerLast) {
  LaunchPlan plan = plan_launch({});
  ASSERT_EQ(plan.nodes.size(), 3U);
  EXPECT_EQ(plan.nodes[0].executable, "clip_encode_image");
  EXPECT_EQ(plan.nodes[1].package, "clip_encode_text");
  EXPECT_EQ(plan.nodes[1].executable, "clip_encode_text_node");
  EXPECT_EQ(plan.nodes[2].executable, "clip_manage");
  EXPECT_TRUE(plan.ends_with_manager);
  EXPECT_EQ(plan.sigterm_timeout.count(), 5.0);
}

TEST(LaunchPlan, EndsWithTheManagerExceptInMode2) {
  EXPECT_TRUE(plan_launch({"clip_mode:=1"}).ends_with_manager);
  EXPECT_FALSE(plan_launch({"clip_mode:=2"}).ends_with_manager);
}

TEST(LaunchPlan, TheLastOfTwoValuesCounts) {
  LaunchPlan plan = plan_launch({"clip_topk:=3", "clip_topk:=4"});
  EXPECT_TRUE(contains(plan.nodes[2].arguments, "topk:=4"));
  EXPECT_FALSE(contains(plan.nodes[2].arguments, "topk:=3"));
}

TEST(LaunchPlan, TextIsPassedAsAString) {
  LaunchPlan plan = plan_launch({"clip_text:=123", "clip_db_file:=a \"b\" := c", "clip_model:=m"});
  EXPECT_TRUE(contains(plan.nodes[2].arguments, R"(text:="123")"));
  EXPECT_TRUE(contains(plan.nodes[2].arguments, R"(db_file:="a \"b\" := c")"));
  EXPECT_TRUE(contains(plan.nodes[0].arguments, R"(model_file_name:="m")"));
  EXPECT_TRUE(contains(plan.nodes[1].arguments, R"(model_file_name:="m")"));
}

TEST(LaunchPlan, SelectsTheTopicOfPicturesByItsPublisherInMode2) {
  auto image = [](const std::vector<std::string>& arguments) { return plan_launch(arguments).nodes[0].arguments; };
  EXPECT_TRUE(contains(image({}), "is_shared_mem_sub:=1"));
  EXPECT_TRUE(contains(image({"clip_mode:=2"}), "is_shared_mem_sub:=2"));
  EXPECT_TRUE(contains(image({"clip_mode:=2", "is_shared_mem_sub:=0"}), "is_shared_mem_sub:=0"));
  EXPECT_TRUE(contains(image({"clip_image_topic:=/camera/image_raw"}), R"(image_topic:="/camera/image_raw")"));
}

TEST(LaunchPlan, NamespaceAndPrecisionReachTheNodes) {
  LaunchPlan plan = plan_launch({"clip_namespace:=robot1", "clip_precision:=f32"});
  for (const NodeStart& node : plan.nodes) EXPECT_TRUE(contains(node.arguments, "__ns:=/robot1")) << node.executable;
  EXPECT_TRUE(contains(plan.nodes[0].arguments, R"(precision:="f32")"));
  EXPECT_TRUE(contains(plan.nodes[1].arguments, R"(precision:="f32")"));
  EXPECT_FALSE(contains(plan_launch({}).nodes[2].arguments, "-r"));
}

TEST(LaunchPlan, DataSharingReachesTheImageEncoder) {
  auto image = [](const std::vector<std::string>& arguments) { return plan_launch(arguments).nodes[0].arguments; };
  EXPECT_TRUE(contains(image({}), R"(data_sharing:="own")"));
  EXPECT_TRUE(contains(image({"clip_data_sharing:=automatic"}), R"(data_sharing:="automatic")"));
}

TEST(LaunchPlan, RejectsInvalidArguments) {
  EXPECT_NE(error_of({"clip_mod:=1"}).find("'clip_mod'"), std::string::npos);
  EXPECT_NE(error_of({"clip_mode=1"}).find("'clip_mode=1'"), std::string::npos);
  EXPECT_NE(error_of({":=1"}).find("':=1'"), std::string::npos);
  EXPECT_NE(error_of({"clip_mode:=3"}).find("0, 1 or 2"), std::string::npos);
  EXPECT_NE(error_of({"clip_mode:="}).find("0, 1 or 2"), std::string::npos);
  EXPECT_NE(error_of({"clip_topk:=0"}).find("clip_topk"), std::string::npos);
  EXPECT_NE(error_of({"clip_topk:=99999999999999999999"}).find("clip_topk"), std::string::npos);
  EXPECT_NE(error_of({"sigterm_timeout:=nan"}).find("sigterm_timeout"), std::string::npos);
  EXPECT_NE(error_of({"is_shared_mem_sub:=3"}).find("auto, 0, 1"), std::string::npos);
  EXPECT_NE(error_of({"clip_precision:=f16"}).find("auto, f32, bf16"), std::string::npos);
  for (const char* value : {"x", "", "own, automatic"}) {
    EXPECT_NE(error_of({std::string("clip_data_sharing:=") + value}).find("must be one of own, automatic (see"),
              std::string::npos)
        << value;
  }
  EXPECT_NE(error_of({"clip_storage_folder:=\xff"}).find("UTF-8"), std::string::npos);
}

}  // namespace
}  // namespace clipseek::cli
