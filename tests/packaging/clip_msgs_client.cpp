// A C++ program that uses clip_msgs like users of rclcpp. All its checks are at compile time.
#include <clip_msgs/action/get_features.hpp>
#include <clip_msgs/action/search.hpp>
#include <clip_msgs/msg/clip_item.hpp>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

template <typename Expected, typename Field>
void expect(const Field&) {
  static_assert(std::is_same_v<Expected, Field>);
}

int main() {
  clip_msgs::msg::ClipItem item;
  expect<bool>(item.type);
  expect<std::string>(item.text);
  expect<std::string>(item.url);
  expect<std::vector<float>>(item.feature);
  expect<std::vector<std::string>>(item.extra);

  using Features = clip_msgs::action::GetFeatures;
  Features::Goal goal;
  expect<bool>(goal.type);
  expect<std::vector<std::string>>(goal.urls);
  expect<std::vector<std::string>>(goal.texts);
  Features::Result result;
  expect<bool>(result.success);
  expect<std::int32_t>(result.error_code);
  Features::Feedback feedback;
  expect<float>(feedback.current_progress);
  expect<clip_msgs::msg::ClipItem>(feedback.item);

  using Search = clip_msgs::action::Search;
  Search::Goal query;
  expect<std::string>(query.text);
  expect<std::vector<clip_msgs::msg::ClipItem>>(Search::Result().items);
}
