// Where a command writes: results to `out`, everything else to `err`, each with what its terminal can show.
#pragma once

#include <ostream>
#include <string_view>

namespace clipseek::cli {

struct Terminal {
  bool interactive = false;  // a person sees it: live lines and tables make sense
  bool colours = false;      // interactive, and neither NO_COLOR (no-color.org) nor TERM=dumb says otherwise
  bool blocks = false;       // its locale is UTF-8: block characters may be used
  int columns = 80;
};

// What the file descriptor leads to. Reads the environment: call it before any thread is started.
Terminal terminal_of(int descriptor);

struct Console {
  std::ostream& out;
  std::ostream& err;
  Terminal out_terminal;
  Terminal err_terminal;

  // One line on err, "clipseek: error: ..." and "clipseek: ...". The message is made printable.
  void error(std::string_view message) const;
  void note(std::string_view message) const;
};

}  // namespace clipseek::cli
