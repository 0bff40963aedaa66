// A service for the wire tests: the response repeats the request's text.
#pragma once

#include <string>

#include "ros2/message.h"

namespace clipseek::ros2 {

struct Echo {
  struct Request {
    std::string text;
    static std::string type_name() { return "clipseek_test/srv/Echo_Request"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("text", self.text);
    }
  };
  struct Response {
    std::string text;
    static std::string type_name() { return "clipseek_test/srv/Echo_Response"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("text", self.text);
    }
  };
};

}  // namespace clipseek::ros2
