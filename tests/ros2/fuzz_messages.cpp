// A libFuzzer target for all code that reads bytes from the network; tools/fuzz_ros2.sh builds and runs it.
#include <cstddef>
#include <cstdint>
#include <span>

#include "clipseek/error.h"
#include "ros2/graph.h"
#include "ros2/testing/test_messages.h"

namespace clipseek::ros2 {
namespace {

unsigned count_types() {
  unsigned count = 0;
  for_each_type(AllMessages{}, [&]<typename M>() {
    if constexpr (!PlainMessage<M>) ++count;
  });
  return count;
}

// `type` selects the message type. A message that can be read must be writable, and reading that again must give the
// same message.
void read_as(unsigned type, std::span<const std::byte> bytes) {
  unsigned index = 0;
  for_each_type(AllMessages{}, [&]<typename M>() {
    if constexpr (!PlainMessage<M>) {
      if (index++ != type) return;
      Bytes written = serialize(deserialize<M>(bytes));
      if (serialize(deserialize<M>(written)) != written) __builtin_trap();
    }
  });
  if (type >= index) parse_graph(bytes);
}

}  // namespace
}  // namespace clipseek::ros2

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  try {
    static const unsigned types = clipseek::ros2::count_types();
    clipseek::ros2::read_as(data[0] % (types + 2), std::as_bytes(std::span(data, size)).subspan(1));
  } catch (const clipseek::Error&) {
  }
  return 0;
}
