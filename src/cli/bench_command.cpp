#include "base/json.h"
#include "cli/commands.h"
#include "cli/text_layout.h"
#include "clip/bench.h"

namespace clipseek::cli {

int run_bench_command(const BenchArguments& arguments, const Console& console) {
  auto model = open_model(arguments.model);
  clip::BenchResult result = clip::run_bench(*model);
  const std::string& precision = model->details().precision;
  if (arguments.json) {
    base::Json json = base::Json::Object{{"precision", precision},
                                         {"threads", result.threads},
                                         {"image_per_s_batch32", result.image_per_s_batch32},
                                         {"image_ms_batch1", result.image_ms_batch1},
                                         {"text_ms", result.text_ms},
                                         {"gflops", result.gflops},
                                         {"peak_gflops", result.peak_gflops}};
    console.out << json.dump() + "\n";
    return 0;
  }
  double share = result.peak_gflops > 0 ? 100 * result.gflops / result.peak_gflops : 0;
  std::string threads = std::to_string(result.threads) + (result.threads == 1 ? " thread" : " threads");
  console.out << printable(model->info().name) + " in " + precision + " on " + threads + "\n" +
                     format_rows({{"pictures, 32 at a time", format_rate(result.image_per_s_batch32) + " a second"},
                                  {"one picture", format_decimal(result.image_ms_batch1, 1) + " ms"},
                                  {"a short text", format_decimal(result.text_ms, 1) + " ms"},
                                  {"the longest text", format_decimal(result.text_ms_full, 1) + " ms"},
                                  {"arithmetic", format_rate(result.gflops) + " GFLOP/s, " + format_decimal(share, 0) +
                                                     "% of this machine's " + format_rate(result.peak_gflops)}});
  return 0;
}

}  // namespace clipseek::cli
