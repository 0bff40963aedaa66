#include "clip/bench.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <numeric>

#include "base/parallel.h"
#include "clip/image_tower.h"
#include "clip/model_parts.h"
#include "nn/hardware.h"

namespace clipseek::clip {
namespace {

constexpr int kBatch = 32;
constexpr int kRounds = 7;
constexpr double kPeakSeconds = 0.3;  // for each round

template <typename Function>
double seconds_of(Function&& function) {
  auto begin = std::chrono::steady_clock::now();
  function();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double median(std::vector<double> values) {
  auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Encodes kBatch pictures, divided among the threads in batches of at most images_per_batch.
class ImageBatches {
 public:
  ImageBatches(Model& model)
      : tower_(ModelParts::of(model).prepared_image_tower()),
        threads_(model.details().workers),
        step_(std::min(images_per_batch(ModelParts::of(model).config.image), (kBatch + threads_ - 1) / threads_)),
        workspaces_(static_cast<std::size_t>(threads_)) {
    std::size_t side = static_cast<std::size_t>(ModelParts::of(model).config.preprocess.crop);
    picture_ = 3 * side * side;
    pixels_.resize(static_cast<std::size_t>(step_) * picture_);
    for (std::size_t i = 0; i < pixels_.size(); ++i) pixels_[i] = static_cast<float>(i % 255) / 127.0F - 1.0F;
  }

  void run() {
    std::atomic<int> next = 0;
    base::run_workers(threads_, [&](int worker) {
      for (int first = next.fetch_add(step_); first < kBatch; first = next.fetch_add(step_)) {
        encode(workspaces_[static_cast<std::size_t>(worker)], std::min(step_, kBatch - first));
      }
    });
  }
  void run_one() { encode(workspaces_[0], 1); }

 private:
  void encode(nn::Workspace& workspace, int images) const {
    tower_.encode(workspace, std::span(pixels_).first(static_cast<std::size_t>(images) * picture_), images);
  }

  const ImageTower& tower_;
  int threads_;
  int step_;
  std::size_t picture_ = 0;
  std::vector<float> pixels_;
  std::vector<nn::Workspace> workspaces_;
};

// Returns a text that fills the context: the start token, other tokens and the end token.
std::vector<text::TokenId> full_text(Model& model) {
  std::vector<text::TokenId> ends = model.tokenize("");
  std::vector<text::TokenId> ids(static_cast<std::size_t>(ModelParts::of(model).config.text.context), text::TokenId{0});
  std::iota(ids.begin(), ids.end(), text::TokenId{0});
  for (text::TokenId& id : ids) id %= ends.front();
  ids.front() = ends.front();
  ids.back() = ends.back();
  return ids;
}

}  // namespace

BenchResult run_bench(Model& model) {
  BenchResult result;
  result.threads = model.details().workers;
  ImageBatches images(model);
  const std::vector<text::TokenId> query = model.tokenize("a photo of a dog");
  const std::vector<text::TokenId> full = full_text(model);
  images.run();  // a first unmeasured run builds the primitives and touches the memory
  images.run_one();
  model.encode_tokens(query);
  model.encode_tokens(full);

  std::vector<double> batch, one, text, text_full, peak;
  for (int round = 0; round < kRounds; ++round) {
    peak.push_back(nn::measure_peak_gflops(ModelParts::of(model).precision, result.threads, kPeakSeconds));
    batch.push_back(seconds_of([&] { images.run(); }));
    one.push_back(seconds_of([&] { images.run_one(); }));
    text.push_back(seconds_of([&] { model.encode_tokens(query); }));
    text_full.push_back(seconds_of([&] { model.encode_tokens(full); }));
  }
  result.image_per_s_batch32 = kBatch / median(batch);
  result.image_ms_batch1 = 1e3 * median(one);
  result.text_ms = 1e3 * median(text);
  result.text_ms_full = 1e3 * median(text_full);
  result.gflops = result.image_per_s_batch32 * ModelParts::of(model).prepared_image_tower().operations() / 1e9;
  result.peak_gflops = median(peak);
  return result;
}

}  // namespace clipseek::clip
