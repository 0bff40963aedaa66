#include "clipseek/version.h"

#define CLIPSEEK_TEXT_OF(number) #number
#define CLIPSEEK_TEXT(number) CLIPSEEK_TEXT_OF(number)

namespace clipseek {

std::string_view version() {
  return CLIPSEEK_TEXT(CLIPSEEK_VERSION_MAJOR) "." CLIPSEEK_TEXT(CLIPSEEK_VERSION_MINOR) "." CLIPSEEK_TEXT(
      CLIPSEEK_VERSION_PATCH);
}

}  // namespace clipseek
