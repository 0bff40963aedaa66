#include "base/stop_signal.h"
#include "catalog/report_json.h"
#include "cli/commands.h"
#include "cli/index_progress.h"
#include "cli/text_layout.h"
#include "clipseek/catalog.h"

namespace clipseek::cli {
namespace {

void print_report(const IndexReport& report, const IndexArguments& arguments, const Console& console) {
  if (arguments.json) {
    console.out << catalog::to_json(report).dump() + "\n";
    return;
  }
  console.out << "added " + format_count(report.added) + ", updated " + format_count(report.updated) + ", unchanged " +
                     format_count(report.unchanged) + ", moved " + format_count(report.moved) + ", removed " +
                     format_count(report.removed) + ", failed " + format_count(report.failed) + " in " +
                     format_seconds(report.seconds) + "\n";
  console.out << printable(arguments.database.path.string()) + " holds " + format_count(report.total) +
                     (report.total == 1 ? " picture\n" : " pictures\n");
}

}  // namespace

int run_index(const IndexArguments& arguments, const Console& console) {
  base::StopSignal stop;  // before the model has threads
  auto model = open_model(arguments.model);
  Catalog catalog(arguments.database.path, *model, OpenMode::kCreate);
  IndexReport report;
  {
    ProgressPrinter printer(console);
    report = catalog.index({
        .paths = arguments.paths,
        .progress = [&](const IndexProgress& progress) { printer.update(progress); },
        .failure = [&](const IndexFailure& failure) { printer.error(failure.message); },
        .removed = [&](const std::string& path) { printer.note("removed " + path + ": the file no longer exists"); },
        .stop = stop.token(),
    });
  }
  print_report(report, arguments, console);
  if (report.stopped) {
    console.note("stopped on request; finished pictures are stored. Run the same command again to continue");
    return 128 + stop.received();  // as a shell reports a process that the signal ended
  }
  return report.failed > 0 ? kSomeInputsBad : 0;
}

}  // namespace clipseek::cli
