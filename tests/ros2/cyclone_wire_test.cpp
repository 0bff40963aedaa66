// Communication with another DDS implementation. Built only if Debian's cyclonedds-dev is installed.
#include <gtest/gtest.h>

#include <cstdlib>

#include "ros2/msg/sensor_msgs.h"
#include "support.h"

namespace clipseek::ros2 {
namespace {

TEST(CycloneWire, ExchangesTopicsAndReadsTheGraph) {
  take_domain();
  // With ROS_LOCALHOST_ONLY, nodes are found by unicast only.
  setenv("CYCLONEDDS_URI",
         "<CycloneDDS><Domain><General><Interfaces><NetworkInterface name=\"lo\"/></Interfaces>"
         "<AllowMulticast>false</AllowMulticast></General><Discovery><ParticipantIndex>auto</ParticipantIndex>"
         "<Peers><Peer address=\"127.0.0.1\"/></Peers></Discovery></Domain></CycloneDDS>",
         1);
  Peer server({"server"});
  server.expect_line("ready");
  Tester tester;
  auto picture = tester.node.create_publisher<CompressedImage>("picture", Qos{.transient_local = true, .depth = 1});
  CompressedImage image;
  image.header.stamp = {12, 34};
  image.header.frame_id = "camera";
  image.format = "jpeg";
  image.data.assign(100'000, 7);
  image.data.back() = 9;
  picture.publish(image);

  Peer cyclone(CLIPSEEK_CYCLONE_READER, {});
  bool heard = false;
  bool node = false;
  bool seen = false;
  while (!(heard && node && seen)) {
    std::string line = cyclone.read_line();
    ASSERT_NE(line, "") << "heard " << heard << " node " << node << " picture " << seen;
    heard = heard || line == "string heard hello";
    node = node || line == "node / server 14 18";
    seen = seen || line == "picture 12.34 camera jpeg 100000 9";
  }
}

}  // namespace
}  // namespace clipseek::ros2
