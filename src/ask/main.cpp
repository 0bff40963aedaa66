// The program that `clipseek ask` runs.
#include <signal.h>
#include <unistd.h>

#include <clocale>
#include <iostream>

#include "ask/ask_program.h"

int main(int argc, char** argv) {
  std::setlocale(LC_CTYPE, "");  // for the terminal's character set only
  ::signal(SIGPIPE, SIG_DFL);    // when the reader of a pipe closes it, the program ends silently
  clipseek::cli::Console console{std::cout, std::cerr, clipseek::cli::terminal_of(STDOUT_FILENO),
                                 clipseek::cli::terminal_of(STDERR_FILENO)};
  return clipseek::ask::run_ask_program(argc, argv, console);
}
