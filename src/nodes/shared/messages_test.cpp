// Compares the structs of clip_msgs.h with the .msg and .action files, and tests the entries of ClipItem::extra.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "nodes/shared/clip_msgs.h"
#include "nodes/shared/item_extra.h"
#include "ros2/testing/golden_messages.h"

namespace clipseek::nodes {
namespace {

// "type name" of each field; an action has one list for each of its parts.
std::vector<std::vector<std::string>> fields_of_file(const std::string& name) {
  std::ifstream file(std::string(CLIPSEEK_SOURCE_DIR) + "/ros2/clip_msgs/" + name);
  EXPECT_TRUE(file) << name;
  std::vector<std::vector<std::string>> parts(1);
  for (std::string line; std::getline(file, line);) {
    line = line.substr(0, line.find('#'));
    if (line.starts_with("---")) parts.emplace_back();
    std::istringstream words(line);
    std::string type;
    std::string field;
    if (words >> type >> field) parts.back().push_back(type + " " + field);
  }
  return parts;
}

template <typename T>
std::string type_text() {
  if constexpr (std::is_same_v<T, bool>) return "bool";
  if constexpr (std::is_same_v<T, std::int32_t>) return "int32";
  if constexpr (std::is_same_v<T, float>) return "float32";
  if constexpr (std::is_same_v<T, std::string>) return "string";
  if constexpr (std::is_same_v<T, ClipItem>) return "ClipItem";
  if constexpr (ros2::detail::IsVector<T>::value) return type_text<typename T::value_type>() + "[]";
}

template <typename M>
std::vector<std::string> fields_of_struct() {
  std::vector<std::string> fields;
  auto visit = [&fields]<typename T>(std::string_view name, const T&) {
    fields.push_back(type_text<T>() + " " + std::string(name));
  };
  M message;
  M::visit_fields(message, visit);
  return fields;
}

template <typename A>
std::vector<std::vector<std::string>> fields_of_action() {
  return {fields_of_struct<typename A::Goal>(), fields_of_struct<typename A::Result>(),
          fields_of_struct<typename A::Feedback>()};
}

TEST(ClipMessages, FieldsMatchTheInterfaceFiles) {
  EXPECT_EQ(fields_of_file("msg/ClipItem.msg").at(0), fields_of_struct<ClipItem>());
  EXPECT_EQ(fields_of_file("action/GetFeatures.action"), fields_of_action<GetFeatures>());
  EXPECT_EQ(fields_of_file("action/Search.action"), fields_of_action<Search>());
}

TEST(ClipMessages, BytesAndHashesMatchTheReferenceEncoder) {
  using Types =
      ros2::TypeList<ClipItem, GetFeatures::Goal, GetFeatures::Result, GetFeatures::Feedback,
                     ros2::SendGoalRequest<GetFeatures>, ros2::GetResultResponse<GetFeatures>,
                     ros2::FeedbackMessage<GetFeatures>, Search::Goal, Search::Result, Search::Feedback,
                     ros2::SendGoalRequest<Search>, ros2::SendGoalResponse<Search>, ros2::GetResultRequest<Search>,
                     ros2::GetResultResponse<Search>, ros2::FeedbackMessage<Search>>;
  auto golden = ros2::read_golden();
  ros2::for_each_type(Types{}, [&]<typename M>() {
    EXPECT_EQ(ros2::golden_difference<M>(golden), "");
    EXPECT_TRUE(ros2::deserialize<M>(ros2::serialize(*ros2::example<M>())) == *ros2::example<M>()) << M::type_name();
  });
}

TEST(ClipMessages, ExtraEntriesAreFoundByKey) {
  ClipItem item{.type = true, .url = "a.jpg", .extra = {"widths=7", "no entry", "note=a=b"}};
  add_extra(item, kWidthKey, "640");
  add_extra(item, kHeightKey, "-3");
  EXPECT_EQ(find_extra(item, kWidthKey), "640");
  EXPECT_EQ(find_extra(item, "note"), "a=b");
  EXPECT_EQ(find_extra(item, "no entry"), "");
  EXPECT_EQ(find_size(item, kWidthKey), 640);
  EXPECT_EQ(find_size(item, kHeightKey), 0);
  EXPECT_EQ(find_size(item, "note"), 0);
}

TEST(ClipMessages, AnItemCarriesItsError) {
  ClipItem item{.type = true, .url = "a.jpg"};
  add_error(item, Error(ErrorCode::kCorrupt, "a.jpg is damaged"));
  ASSERT_TRUE(item_error(item));
  EXPECT_EQ(item_error(item)->code(), ErrorCode::kCorrupt);
  EXPECT_STREQ(item_error(item)->what(), "a.jpg is damaged");

  item.extra.clear();  // as from a server that sends no reason
  EXPECT_EQ(item_error(item)->code(), ErrorCode::kInternal);
  item.feature = {1};
  EXPECT_FALSE(item_error(item));
}

TEST(ClipMessages, ErrorCodesRoundTrip) {
  for (int number = 1; number <= 11; ++number) {
    EXPECT_EQ(error_info(from_ros_error_code(number)).ros_error_code, number);
  }
  EXPECT_EQ(from_ros_error_code(0), ErrorCode::kInternal);
  EXPECT_EQ(from_ros_error_code(-5), ErrorCode::kInternal);
}

}  // namespace
}  // namespace clipseek::nodes
