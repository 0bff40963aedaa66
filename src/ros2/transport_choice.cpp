#include "ros2/transport_choice.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <utility>

#include "base/log.h"

namespace clipseek::ros2 {
namespace {

constexpr unsigned kVersion2_9 = 2 << 8 | 9;
// The most that fits into a UDP datagram, with room for headers; the limit of Fast DDS.
constexpr std::uint32_t kMaxUdpMessageBytes = 65'500;

constexpr std::array<std::pair<std::string_view, Transports>, 8> kNames{{{"NONE", Transports::kNone},
                                                                         {"DEFAULT", Transports::kDefault},
                                                                         {"DEFAULTv6", Transports::kDefaultV6},
                                                                         {"SHM", Transports::kShm},
                                                                         {"UDPv4", Transports::kUdpV4},
                                                                         {"UDPv6", Transports::kUdpV6},
                                                                         {"LARGE_DATA", Transports::kLargeData},
                                                                         {"LARGE_DATAv6", Transports::kLargeDataV6}}};

std::string name_of(Transports kind) {
  for (const auto& [name, known] : kNames) {
    if (known == kind) return std::string(name);
  }
  return "";
}

std::optional<Transports> kind_named(std::string_view text) {
  for (const auto& [name, kind] : kNames) {
    if (name == text) return kind;
  }
  return std::nullopt;
}

// The number of bytes that one `unit` has, in upper or lower case; none if it is unknown.
std::optional<std::uint64_t> bytes_of(std::string unit) {
  for (char& letter : unit) {
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  }
  if (unit.empty() || unit == "B") return 1;
  if (unit == "KB") return 1'000;
  if (unit == "MB") return 1'000'000;
  if (unit == "GB") return 1'000'000'000;
  if (unit == "KIB") return 1ULL << 10;
  if (unit == "MIB") return 1ULL << 20;
  if (unit == "GIB") return 1ULL << 30;
  return std::nullopt;
}

// A number with a unit, such as "4MB", of at most 32 bits.
std::optional<std::uint32_t> read_number(std::string_view text, bool with_unit) {
  std::uint32_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  std::string unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (!with_unit && !unit.empty()) return std::nullopt;
  auto factor = bytes_of(std::move(unit));
  if (!factor || number * *factor > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
  return static_cast<std::uint32_t>(number * *factor);
}

// Returns whether `option` ("name=value") could be read.
bool read_option(std::string_view option, TransportChoice& choice) {
  std::size_t equals = option.find('=');
  if (equals == std::string_view::npos) return false;
  std::string_view name = option.substr(0, equals);
  std::string_view value = option.substr(equals + 1);
  if (name == "non_blocking") {
    choice.non_blocking = value == "true";
    return value == "true" || value == "false";
  }
  auto number = read_number(value, name != "tcp_negotiation_timeout");
  if (!number) return false;
  if (name == "max_msg_size") {
    choice.max_message_bytes = *number;
  } else if (name == "sockets_size") {
    choice.socket_bytes = *number;
  } else if (name == "tcp_negotiation_timeout") {
    choice.tcp_negotiation_ms = *number;
  } else {
    return false;
  }
  return true;
}

bool is_large_data(Transports kind) {
  return kind == Transports::kLargeData || kind == Transports::kLargeDataV6;
}

bool is_v6(Transports kind) {
  return kind == Transports::kDefaultV6 || kind == Transports::kUdpV6 || kind == Transports::kLargeDataV6;
}

bool has_options(const TransportChoice& choice) {
  return choice.max_message_bytes != 0 || choice.socket_bytes != 0 || choice.non_blocking ||
         choice.tcp_negotiation_ms != 0;
}

// Why the choice cannot be followed; empty if it can.
std::string refusal(const TransportChoice& choice, const TransportLimits& limits) {
  const Transports kind = choice.kind;
  if (kind == Transports::kNone) return "without a transport, a participant cannot communicate";
  const bool plain_v4 = kind == Transports::kDefault || kind == Transports::kUdpV4;
  if (limits.only_this_host && !plain_v4) {
    return "with ROS_LOCALHOST_ONLY=1 or the discovery range LOCALHOST, ROS 2 ignores it too";
  }
  if (is_large_data(kind) && !(is_v6(kind) ? limits.large_data_v6 : limits.large_data)) {
    return limits.name + " does not have it";
  }
  const bool shared = kind == Transports::kShm || is_large_data(kind);
  if (shared && limits.version == kVersion2_9 && !limits.shared_memory) {
    return "the SHM transport of " + limits.name +
           " aborts beside another version's; CLIPSEEK_ROS_SHM=1 states that there is no other on this host";
  }
  return "";
}

}  // namespace

TransportChoice parse_transports(std::string_view text) {
  TransportChoice choice;
  if (text.empty()) return choice;
  const std::size_t question = text.find('?');
  auto kind = kind_named(text.substr(0, question));
  if (!kind) {
    base::log_warn(
        "FASTDDS_BUILTIN_TRANSPORTS '" + std::string(text) +
        "' names none of NONE, DEFAULT, DEFAULTv6, SHM, UDPv4, UDPv6, LARGE_DATA, LARGE_DATAv6: DEFAULT is used");
    return choice;
  }
  choice.kind = *kind;
  if (question == std::string_view::npos) return choice;
  for (std::size_t start = question + 1; start < text.size();) {
    const std::size_t end = std::min(text.find('&', start), text.size());
    std::string_view option = text.substr(start, end - start);
    if (!read_option(option, choice)) {
      base::log_warn(
          "FASTDDS_BUILTIN_TRANSPORTS: the option '" + std::string(option) +
          "' is ignored; known are max_msg_size, sockets_size (bytes, or with KB, MB ...), non_blocking (true "
          "or false) and tcp_negotiation_timeout (ms)");
    }
    start = end + 1;
  }
  return choice;
}

TransportPlan plan_transports(const TransportChoice& choice, const TransportLimits& limits) {
  TransportPlan plan;
  const std::string name = "FASTDDS_BUILTIN_TRANSPORTS=" + name_of(choice.kind);
  if (std::string why = refusal(choice, limits); !why.empty()) {
    plan.udp_v4 = true;
    plan.shared_memory = limits.shared_memory;
    plan.warning = name + " is not followed (" + why + "): UDPv4 is used";
    return plan;
  }
  plan.udp_v6 = is_v6(choice.kind);
  plan.large_data = is_large_data(choice.kind);
  plan.udp_v4 = !plan.udp_v6 && choice.kind != Transports::kShm;
  const bool by_default = choice.kind == Transports::kDefault || choice.kind == Transports::kDefaultV6;
  plan.shared_memory = choice.kind == Transports::kShm || plan.large_data || (by_default && limits.shared_memory);
  if (plan.large_data && has_options(choice) && !limits.large_data_options) {
    plan.warning = name + " is followed without its options, which " + limits.name + " does not have";
  } else if (!plan.large_data && choice.max_message_bytes > kMaxUdpMessageBytes && choice.kind != Transports::kShm) {
    plan.warning = name + ": max_msg_size is ignored, because UDP's maximum is " + std::to_string(kMaxUdpMessageBytes);
  }
  return plan;
}

}  // namespace clipseek::ros2
