#include <chrono>
#include <cstdlib>
#include <thread>

#include "base/error.h"
#include "base/mapped_file.h"
#include "cli/commands.h"
#include "cli/stop_signal.h"
#include "cli/text_layout.h"
#include "web/web_server.h"

namespace clipseek {
namespace {

constexpr std::size_t kMaxTokenFile = 4096;

std::string token_of(const ServeArguments& arguments) {
  if (!arguments.token.empty()) return arguments.token;
  if (!arguments.token_file.empty()) {
    std::string token = read_text_file(arguments.token_file, kMaxTokenFile);
    while (!token.empty() && (token.back() == '\n' || token.back() == '\r' || token.back() == ' ')) token.pop_back();
    if (token.empty()) throw Error(ErrorCode::kInvalidArgument, arguments.token_file.string() + " holds no token");
    return token;
  }
  const char* variable = std::getenv("CLIPSEEK_TOKEN");
  return variable != nullptr ? variable : "";
}

}  // namespace

int run_serve(const ServeArguments& arguments, const Console& console) {
  WebOptions options;
  options.database = arguments.database.path;
  options.address = arguments.host;
  options.port = arguments.port;
  options.roots = arguments.roots;
  options.results = arguments.results;
  options.token = token_of(arguments);
  options.allowed_hosts = arguments.allowed_hosts;
  auto model = open_model(arguments.model);
  options.precision = precision_name(model->precision());
  // Without a folder to index, a database that is not there would stay empty.
  if (arguments.roots.empty()) require_database(arguments.database);
  StopSignal stop;
  int signal = 0;
  {
    WebServer server(options, *model);
    console.out << "serving " + printable(arguments.database.path.string()) + " at " + server.url() +
                       (options.token.empty() ? "" : " with a token") + " (Ctrl-C stops)\n"
                << std::flush;
    while ((signal = stop.received()) == 0) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    console.note("stopping; once more to stop at once");
  }
  return 0;
}

}  // namespace clipseek
