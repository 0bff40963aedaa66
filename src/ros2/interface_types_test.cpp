#include "ros2/interface_types.h"

#include <gtest/gtest.h>

#include "ros2/msg/lifecycle_msgs.h"
#include "ros2/msg/rcl_interfaces.h"
#include "ros2/msg/rcl_interfaces_logging.h"
#include "ros2/msg/type_description_interfaces.h"

namespace clipseek::ros2 {
namespace {

template <Service S>
std::string service_hash() {
  return service_type(type_info<typename S::Request>(), type_info<typename S::Response>()).hash;
}

// example_interfaces/action/Fibonacci.
struct Fibonacci {
  struct Goal {
    std::int32_t order = 0;
    static std::string type_name() { return "example_interfaces/action/Fibonacci_Goal"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("order", self.order);
    }
  };
  struct Result {
    std::vector<std::int32_t> sequence;
    static std::string type_name() { return "example_interfaces/action/Fibonacci_Result"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("sequence", self.sequence);
    }
  };
  struct Feedback {
    std::vector<std::int32_t> sequence;
    static std::string type_name() { return "example_interfaces/action/Fibonacci_Feedback"; }
    template <typename Self, typename Visitor>
    static void visit_fields(Self& self, Visitor& visit) {
      visit("sequence", self.sequence);
    }
  };
  static std::string type_name() { return "example_interfaces/action/Fibonacci"; }
};

// The expected hashes are those in the JSON files that ROS 2 Jazzy installs (rcl_interfaces 2.0.2, example_interfaces
// 0.12.0; share/<package>/srv/<Service>.json, "type_hashes").
TEST(ServiceType, HasTheHashThatRosidlComputes) {
  EXPECT_EQ(service_hash<GetParameters>(), "RIHS01_bf9803d5c74cf989a5de3e0c2e99444599a627c7ff75f97b8c05b01003675cbc");
  EXPECT_EQ(service_hash<SetLoggerLevels>(), "RIHS01_3ff86cb4e91fbf9abae15c234ecc874448de6ece8e193401c077cf116e4f6d78");
  EXPECT_EQ(service_hash<GetState>(), "RIHS01_800a0a5aae599782b02932de0caf563f6dc4e7e94b794eadde075ba2cbef9795");
  EXPECT_EQ(service_hash<CancelGoal>(), "RIHS01_573d8b0a534451d7bc2ac8c5ffde8ac14b8593b7001175d0cd6516dcbeb8689a");
  EXPECT_EQ(service_hash<GetTypeDescription>(),
            "RIHS01_69b9c19c1021405984cc60dbbb1edceb147a6538b411d812ba6afabeed962cd5");
}

TEST(ActionType, HasTheHashThatRosidlComputes) {
  TypeInfo action = action_type(action_types<Fibonacci>());
  EXPECT_EQ(action.name, "example_interfaces/action/Fibonacci");
  EXPECT_EQ(action.hash, "RIHS01_9508051da1ea4658de144b09bd0690ff3de52104683d847aed764d2915906f51");
  EXPECT_EQ(type_hash(action.describe()), action.hash);
}

}  // namespace
}  // namespace clipseek::ros2
