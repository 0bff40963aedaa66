#include "ros2/guid.h"

#include <sys/random.h>

#include <cerrno>
#include <string_view>

#include "base/system_error.h"
#include "clipseek/error.h"

namespace clipseek::ros2 {

std::array<std::uint8_t, 16> random_id() {
  std::array<std::uint8_t, 16> id;
  if (getrandom(id.data(), id.size(), 0) != static_cast<ssize_t>(id.size())) {
    throw base::system_error("read", "the system's random numbers", errno);
  }
  return id;
}

std::string hex_text(const std::array<std::uint8_t, 16>& bytes) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (std::uint8_t byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

}  // namespace clipseek::ros2
