// The output of a command: results go to `out`, everything else to `err`, each with the properties of its terminal.
#pragma once

#include <ostream>
#include <string_view>

namespace clipseek::cli {

struct Terminal {
  bool interactive = false;  // it is a terminal, where progress lines and tables are useful
  bool colours = false;      // interactive, and neither NO_COLOR (no-color.org) nor TERM=dumb says otherwise
  bool blocks = false;       // its locale is UTF-8: block characters may be used
  int columns = 80;
};

// Returns the terminal behind a file descriptor. Reads the environment, so call it before any thread is started.
Terminal terminal_of(int descriptor);

struct Console {
  std::ostream& out;
  std::ostream& err;
  Terminal out_terminal;
  Terminal err_terminal;

  // Print one line on err, "clipseek: error: ..." or "clipseek: ...", with unprintable characters escaped.
  void error(std::string_view message) const;
  void note(std::string_view message) const;
};

}  // namespace clipseek::cli
