#include "ros2/refusal.h"

#include <filesystem>

namespace clipseek::ros2 {
namespace {

// The folder with the security files of the enclave, "<keystore>/enclaves/<enclave>".
std::string enclave_folder(const ParticipantOptions& options) {
  const std::string kScheme = "file://";
  auto found = options.security.find("dds.sec.access.builtin.Access-Permissions.permissions");
  if (found == options.security.end()) return "";
  std::string path = found->second;
  if (path.starts_with(kScheme)) path.erase(0, kScheme.size());
  return std::filesystem::path(path).parent_path().string();
}

// From the folder, because ROS_SECURITY_ENCLAVE_OVERRIDE may name another enclave than the participant has.
std::string enclave_name(const ParticipantOptions& options) {
  const std::string kParent = "/enclaves";
  const std::string folder = enclave_folder(options);
  const std::size_t at = folder.rfind(kParent + "/");
  return at == std::string::npos ? options.enclave : folder.substr(at + kParent.size());
}

}  // namespace

Error participant_refused(const ParticipantOptions& options) {
  const std::string domain = std::to_string(options.domain_id);
  const std::string start = "DDS cannot start in domain " + domain + ": ";
  if (options.security.empty()) return {ErrorCode::kUnavailable, start + "check that its UDP ports are free"};
  return {ErrorCode::kUnavailable, start + "security is on, with the files of the enclave " + enclave_name(options) +
                                       " in " + enclave_folder(options) +
                                       ". Check that they are complete, signed by their authorities and valid today, " +
                                       "that permissions.xml has the certificate's subject and the domain " + domain +
                                       ", and that the UDP ports are free"};
}

Error endpoint_refused(const ParticipantOptions& options, bool is_writer, const std::string& topic,
                       const std::string& hint) {
  std::string text = std::string("DDS could not create a ") + (is_writer ? "writer" : "reader") + " of " + topic;
  if (!options.security.empty()) {
    text += ". Security is on: the permissions of the enclave " + enclave_name(options) + " must allow it in domain " +
            std::to_string(options.domain_id) + ". Add <topic>" + topic + "</topic> to <" +
            (is_writer ? "publish" : "subscribe") + "><topics> of its <allow_rule> in " + enclave_folder(options) +
            "/permissions.xml and sign the file again; its governance.xml must have the domain too";
  }
  if (!hint.empty()) text += (options.security.empty() ? ": " : ". ") + hint;
  return {ErrorCode::kUnavailable, text};
}

}  // namespace clipseek::ros2
