#include "cli/console.h"

#include <langinfo.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "cli/text_layout.h"

namespace clipseek::cli {
namespace {

bool environment_has(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

int columns_of(int descriptor) {
  static constexpr int kMinColumns = 20;
  static constexpr int kDefaultColumns = 80;
  winsize size{};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kDefaultColumns;
  return std::max<int>(size.ws_col, kMinColumns);
}

}  // namespace

Terminal terminal_of(int descriptor) {
  Terminal terminal;
  const char* type = std::getenv("TERM");
  bool dumb = type == nullptr || std::string_view(type) == "dumb";
  terminal.interactive = ::isatty(descriptor) == 1 && !dumb;
  terminal.colours = terminal.interactive && !environment_has("NO_COLOR");
  terminal.blocks = std::string_view(nl_langinfo(CODESET)) == "UTF-8";
  if (terminal.interactive) terminal.columns = columns_of(descriptor);
  return terminal;
}

void Console::error(std::string_view message) const {
  const char* label = err_terminal.colours ? "clipseek: \x1b[31merror:\x1b[0m " : "clipseek: error: ";
  err << label + printable(message) + "\n" << std::flush;
}

void Console::note(std::string_view message) const {
  err << "clipseek: " + printable(message) + "\n" << std::flush;
}

}  // namespace clipseek::cli
