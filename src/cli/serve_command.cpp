#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "base/mapped_file.h"
#include "base/stop_signal.h"
#include "cli/commands.h"
#include "cli/text_layout.h"
#include "clipseek/error.h"
#include "web/web_server.h"

namespace clipseek::cli {
namespace {

constexpr std::size_t kMaxTokenFile = 4096;
// Longer than the server needs to answer all clients, shorter than the ten seconds after which containers are killed.
constexpr std::chrono::seconds kStopTimeout{8};

std::string token_of(const ServeArguments& arguments) {
  if (!arguments.token.empty()) return arguments.token;
  if (!arguments.token_file.empty()) {
    std::string token = base::read_text_file(arguments.token_file, kMaxTokenFile);
    while (!token.empty() && (token.back() == '\n' || token.back() == '\r' || token.back() == ' ')) token.pop_back();
    if (token.empty()) throw Error(ErrorCode::kInvalidArgument, arguments.token_file.string() + " contains no token");
    return token;
  }
  const char* variable = std::getenv("CLIPSEEK_TOKEN");
  return variable != nullptr ? variable : "";
}

// Ends the process if the stop takes too long: the decoding of a huge picture and a disk that does not respond cannot
// be interrupted. By then all requests are answered, and a database stays consistent wherever a process ends.
class StopWatchdog {
 public:
  explicit StopWatchdog(const Console& console)
      : thread_([&console](std::stop_token ended) {
          std::mutex mutex;
          std::unique_lock lock(mutex);
          std::condition_variable_any changed;
          if (changed.wait_for(lock, ended, kStopTimeout, [&] { return ended.stop_requested(); })) return;
          console.note("stopped without waiting for unfinished work");
          std::_Exit(0);
        }) {}

 private:
  std::jthread thread_;
};

}  // namespace

int run_serve(const ServeArguments& arguments, const Console& console) {
  base::StopSignal stop;  // before the model has threads
  web::WebOptions options;
  options.database = arguments.database.path;
  options.address = arguments.host;
  options.port = arguments.port;
  options.roots = arguments.roots;
  options.results = arguments.results;
  options.token = token_of(arguments);
  options.allowed_hosts = arguments.allowed_hosts;
  auto model = open_model(arguments.model);
  options.precision = model->details().precision;
  // Without a folder to index, a new database would stay empty.
  if (arguments.roots.empty()) require_database(arguments.database);
  auto server = std::make_unique<web::WebServer>(options, *model);
  console.out << "serving " + printable(arguments.database.path.string()) + " at " + server->url() +
                     (options.token.empty() ? "" : " with a token") + " (Ctrl-C stops)\n"
              << std::flush;
  while (stop.received() == 0) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  console.note("stopping; a second signal stops at once");
  StopWatchdog watchdog(console);
  server.reset();
  return 0;
}

}  // namespace clipseek::cli
