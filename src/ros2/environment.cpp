#include "ros2/environment.h"

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string_view>

#include "base/log.h"
#include "clipseek/error.h"

namespace clipseek::ros2 {
namespace {

// RTPS ports are 7400 + 250 * domain + offsets: 232 is the last domain whose ports are below 65536.
constexpr unsigned long kMaxDomain = 232;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// Parsed as rcl does: decimal, hexadecimal (0x) or octal; text after a number other than 0 is ignored.
std::uint32_t domain_id() {
  std::string text = variable("ROS_DOMAIN_ID");
  if (text.empty()) return 0;
  char* end = nullptr;
  unsigned long value = std::strtoul(text.c_str(), &end, 0);
  if (value == 0 && *end != '\0') {
    throw Error(ErrorCode::kInvalidArgument, "ROS_DOMAIN_ID '" + text + "' is not an integer");
  }
  if (value > kMaxDomain) {
    throw Error(ErrorCode::kInvalidArgument,
                "ROS_DOMAIN_ID " + text + " is too large: the maximum is " + std::to_string(kMaxDomain));
  }
  return static_cast<std::uint32_t>(value);
}

DiscoveryRange discovery_range() {
  std::string text = variable("ROS_AUTOMATIC_DISCOVERY_RANGE");
  if (text.empty() || text == "SUBNET") return DiscoveryRange::kSubnet;
  if (text == "OFF") return DiscoveryRange::kOff;
  if (text == "SYSTEM_DEFAULT") return DiscoveryRange::kSystemDefault;
  if (text != "LOCALHOST") {
    base::log_warn("ROS_AUTOMATIC_DISCOVERY_RANGE '" + text +
                   "' is none of OFF, LOCALHOST, SUBNET, SYSTEM_DEFAULT: " + "LOCALHOST is used");
  }
  return DiscoveryRange::kLocalhost;
}

std::vector<std::string> static_peers() {
  std::vector<std::string> peers;
  std::string text = variable("ROS_STATIC_PEERS");
  for (std::size_t start = 0; start < text.size();) {
    std::size_t end = std::min(text.find(';', start), text.size());
    if (end > start) peers.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return peers;
}

GraphLayout graph_layout() {
  std::string text = variable("CLIPSEEK_ROS_GRAPH");
  if (text.empty()) return GraphLayout::kAuto;
  if (text == "24") return GraphLayout::kGid24;
  if (text == "16") return GraphLayout::kGid16;
  throw Error(ErrorCode::kInvalidArgument,
              "CLIPSEEK_ROS_GRAPH is '" + text + "': it must be 24 (Humble) or 16 (Jazzy)");
}

bool iron_or_later() {
  std::string distro = variable("ROS_DISTRO");
  return distro == "iron" || distro == "jazzy" || distro == "kilted" || distro == "rolling";
}

std::filesystem::path enclave_folder(const std::string& enclave) {
  std::string override_name = variable("ROS_SECURITY_ENCLAVE_OVERRIDE");
  const std::string& name = override_name.empty() ? enclave : override_name;
  return std::filesystem::path(variable("ROS_SECURITY_KEYSTORE")) / "enclaves" /
         std::filesystem::path(name).relative_path();
}

std::map<std::string, std::string> security_properties(const std::filesystem::path& folder) {
  auto file = [&folder](const char* name) {
    if (!std::filesystem::exists(folder / name)) {
      throw Error(ErrorCode::kNotFound, "security is enabled (ROS_SECURITY_ENABLE), but the file " +
                                            (folder / name).string() + " does not exist");
    }
    return "file://" + (folder / name).string();
  };
  std::map<std::string, std::string> properties = {
      {"dds.sec.auth.plugin", "builtin.PKI-DH"},
      {"dds.sec.auth.builtin.PKI-DH.identity_ca", file("identity_ca.cert.pem")},
      {"dds.sec.auth.builtin.PKI-DH.identity_certificate", file("cert.pem")},
      {"dds.sec.auth.builtin.PKI-DH.private_key", file("key.pem")},
      {"dds.sec.crypto.plugin", "builtin.AES-GCM-GMAC"},
      {"dds.sec.access.plugin", "builtin.Access-Permissions"},
      {"dds.sec.access.builtin.Access-Permissions.permissions_ca", file("permissions_ca.cert.pem")},
      {"dds.sec.access.builtin.Access-Permissions.governance", file("governance.p7s")},
      {"dds.sec.access.builtin.Access-Permissions.permissions", file("permissions.p7s")}};
  if (std::filesystem::exists(folder / "crl.pem")) {
    properties["dds.sec.auth.builtin.PKI-DH.identity_crl"] = file("crl.pem");
  }
  return properties;
}

std::map<std::string, std::string> security(const std::string& enclave) {
  if (variable("ROS_SECURITY_ENABLE") != "true") return {};
  try {
    return security_properties(enclave_folder(enclave));
  } catch (const Error& error) {
    if (variable("ROS_SECURITY_STRATEGY") == "Enforce") throw;
    base::log_warn(std::string(error.what()) + "; running without security");
    return {};
  }
}

}  // namespace

ParticipantOptions participant_options(const std::string& enclave) {
  ParticipantOptions options;
  options.domain_id = domain_id();
  options.loopback_only = variable("ROS_LOCALHOST_ONLY") == "1";
  options.range = discovery_range();
  if (options.loopback_only) {
    options.range = DiscoveryRange::kLocalhost;
  } else {
    options.static_peers = static_peers();
  }
  options.transports = parse_transports(variable("FASTDDS_BUILTIN_TRANSPORTS"));
  options.shared_memory = variable("CLIPSEEK_ROS_SHM") == "1";
  options.graph = graph_layout();
  options.iron_or_later = iron_or_later();
  options.enclave = enclave;
  options.security = security(enclave);
  return options;
}

}  // namespace clipseek::ros2
