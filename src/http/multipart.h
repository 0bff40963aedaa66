// Uploads: bodies of the type multipart/form-data (RFC 7578).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace clipseek::http {

struct FormPart {
  std::string name;
  std::string file_name;  // the file name that the client sent: never a path to open
  bool is_file = false;
  std::string_view content;  // inside the request's body
};

// The parts of a request's body, which must outlive them. Throws StatusError: 415 when it is of another type, 400 when
// it is damaged or has more than 32 parts.
std::vector<FormPart> parse_multipart(const Request& request);

}  // namespace clipseek::http
