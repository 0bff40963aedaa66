// Measures how fast a model runs on this machine.
#pragma once

#include "clipseek/model.h"

namespace clipseek::clip {

// Medians over interleaved rounds, so that other load on the machine affects all values alike.
struct BenchResult {
  int threads = 0;
  double image_per_s_batch32 = 0;  // batches of 32 pictures on all threads, without decoding and preprocessing
  double image_ms_batch1 = 0;      // one picture on one thread
  double text_ms = 0;              // "a photo of a dog"
  double text_ms_full = 0;         // a text that fills the context
  double gflops = 0;               // of the image tower at image_per_s_batch32; a multiply-add is two operations
  double peak_gflops = 0;          // of plain matrix products of the same precision and number of threads
};

// Takes a few seconds.
BenchResult run_bench(Model& model);

}  // namespace clipseek::clip
