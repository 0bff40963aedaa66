// The clipseek command. This file is the only place where an Error is printed and mapped to an exit status.
#include <signal.h>
#include <unistd.h>

#include <clocale>
#include <exception>
#include <iostream>

#include "base/file_status.h"
#include "base/system_error.h"
#include "cli/command_line.h"

namespace clipseek::cli {
namespace {

int run(int argc, const char* const* argv, const Console& console) {
  try {
    int status = parse_command_line(argc, argv)(console);
    console.out.flush();
    if (!console.out) throw Error(ErrorCode::kStorage, "cannot write the output: is the disk full?");
    return status;
  } catch (const std::exception&) {
    const Error error = base::current_error();
    console.error(error.what());
    return error_info(error.code()).exit_status;
  }
}

}  // namespace
}  // namespace clipseek::cli

int main(int argc, char** argv) {
  std::setlocale(LC_CTYPE, "");  // for the terminal's character set only
  std::ios::sync_with_stdio(false);
  // When the reader of a pipe closes it (| head), the command ends silently, even if the parent process ignored
  // SIGPIPE.
  ::signal(SIGPIPE, SIG_DFL);
  clipseek::cli::Console console{std::cout, std::cerr, clipseek::cli::terminal_of(STDOUT_FILENO),
                                 clipseek::cli::terminal_of(STDERR_FILENO)};
  return clipseek::cli::run(argc, argv, console);
}
