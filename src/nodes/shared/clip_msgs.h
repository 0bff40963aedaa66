// Messages and actions of the package clip_msgs; ros2/clip_msgs has the same definitions as .msg and .action files.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ros2/message.h"

namespace clipseek::nodes {

// A picture (`type` true) or a sentence (false) with its feature. `feature` is empty if the encoding failed; `extra`
// has "key=value" entries, see item_extra.h.
struct ClipItem {
  bool type = false;
  std::string text{};
  std::string url{};
  std::vector<float> feature{};
  std::vector<std::string> extra{};

  static std::string type_name() { return "clip_msgs/msg/ClipItem"; }
  template <typename Self, typename Visitor>
  static void visit_fields(Self& self, Visitor& visit) {
    visit("type", self.type);
    visit("text", self.text);
    visit("url", self.url);
    visit("feature", self.feature);
    visit("extra", self.extra);
  }
  bool operator==(const ClipItem&) const = default;
};

// Encodes pictures (`type` true, `urls`) or sentences (false, `texts`). Sends one feedback for each, in the same order.
struct GetFeatures {
  struct Goal {
    bool type = false;
    std::vector<std::string> urls;
    std::vector<std::string> texts;

    static std::string type_name() { return "clip_msgs/action/GetFeatures_Goal"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("type", self.type);
      visit("urls", self.urls);
      visit("texts", self.texts);
    }
    bool operator==(const Goal&) const = default;
  };
  struct Result {
    bool success = false;
    std::int32_t error_code = 0;  // error_info(code).ros_error_code; 0: success

    static std::string type_name() { return "clip_msgs/action/GetFeatures_Result"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("success", self.success);
      visit("error_code", self.error_code);
    }
    bool operator==(const Result&) const = default;
  };
  struct Feedback {
    float current_progress = 0;
    ClipItem item;

    static std::string type_name() { return "clip_msgs/action/GetFeatures_Feedback"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("current_progress", self.current_progress);
      visit("item", self.item);
    }
    bool operator==(const Feedback&) const = default;
  };

  static std::string type_name() { return "clip_msgs/action/GetFeatures"; }
};

// Searches the stored pictures that are nearest to a query, to a picture, or to the mean of both.
struct Search {
  struct Goal {
    std::string text;       // empty: no text
    std::string url;        // empty: no picture
    std::int32_t topk = 0;  // the maximum number of hits; 0: the node's parameter topk

    static std::string type_name() { return "clip_msgs/action/Search_Goal"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("text", self.text);
      visit("url", self.url);
      visit("topk", self.topk);
    }
    bool operator==(const Goal&) const = default;
  };
  struct Result {
    bool success = false;
    std::int32_t error_code = 0;
    std::string message;              // of the error; empty on success
    std::vector<ClipItem> items;      // best first, without features
    std::vector<float> similarities;  // one for each item, -1 to 1

    static std::string type_name() { return "clip_msgs/action/Search_Result"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("success", self.success);
      visit("error_code", self.error_code);
      visit("message", self.message);
      visit("items", self.items);
      visit("similarities", self.similarities);
    }
    bool operator==(const Result&) const = default;
  };
  struct Feedback {
    float current_progress = 0;

    static std::string type_name() { return "clip_msgs/action/Search_Feedback"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("current_progress", self.current_progress);
    }
    bool operator==(const Feedback&) const = default;
  };

  static std::string type_name() { return "clip_msgs/action/Search"; }
};

}  // namespace clipseek::nodes
