#include "clipseek/model.h"

#include <algorithm>
#include <atomic>
#include <mutex>

#include "base/parallel.h"
#include "clip/model_parts.h"

namespace clipseek {
namespace {

// Counts a running call during its lifetime.
class ConcurrencyGuard {
 public:
  explicit ConcurrencyGuard(std::atomic<int>& count) : count_(count), is_only_caller_(count_++ == 0) {}
  ~ConcurrencyGuard() { --count_; }
  ConcurrencyGuard(const ConcurrencyGuard&) = delete;
  ConcurrencyGuard& operator=(const ConcurrencyGuard&) = delete;
  bool is_only_caller() const { return is_only_caller_; }

 private:
  std::atomic<int>& count_;
  bool is_only_caller_;
};

// Returns how many threads may share the products of a text. The weights of a small tower stay in the cache of one
// core, and waking other threads takes longer than the text: 0.5 ms and 4.5 ms with the bundled model on two cores.
int team_of(const ConcurrencyGuard& call, int workers, const clip::TextTower& tower) {
  constexpr std::size_t kMinSharedBytes = std::size_t{16} << 20;
  if (tower.weight_bytes() < kMinSharedBytes) return 1;
#ifdef __SANITIZE_THREAD__
  workers = 1;  // ThreadSanitizer does not see how OpenMP's threads wait for each other and would report false races
#endif
  return call.is_only_caller() ? workers : 1;
}

// The pictures of one worker: they are decoded one by one until the batch is full, then encoded together.
class Batch {
 public:
  Batch(std::size_t images, std::size_t picture) : images_per_batch_(images), picture_(picture) {}

  // Grows with the pictures, so that the only picture of a call does not pay for a whole batch.
  std::span<float> input_for_next_image() {
    pixels_.resize(std::max(pixels_.size(), (ids_.size() + 1) * picture_));
    return std::span(pixels_).subspan(ids_.size() * picture_, picture_);
  }
  void add(std::size_t id, EncodedImage image) {
    ids_.push_back(id);
    images_.push_back(std::move(image));
  }
  bool full() const { return ids_.size() == images_per_batch_; }

  void encode(const clip::ImageTower& tower, nn::Workspace& workspace, const ImageDone& done) {
    if (ids_.empty()) return;
    std::span<const float> pixels = std::span(pixels_).first(ids_.size() * picture_);
    std::vector<Embedding> embeddings = tower.encode(workspace, pixels, static_cast<int>(ids_.size()));
    for (std::size_t i = 0; i < ids_.size(); ++i) {
      images_[i].embedding = std::move(embeddings[i]);
      done({ids_[i], std::move(images_[i])});
    }
    ids_.clear();
    images_.clear();
  }

 private:
  std::size_t images_per_batch_;
  std::size_t picture_;
  std::vector<float> pixels_;
  std::vector<std::size_t> ids_;
  std::vector<EncodedImage> images_;
};

}  // namespace

Model::Model(std::unique_ptr<clip::ModelParts> parts) : parts_(std::move(parts)) {}
Model::~Model() = default;

std::unique_ptr<Model> Model::open(const std::filesystem::path& folder, const ModelOptions& options) {
  return std::unique_ptr<Model>(new Model(std::make_unique<clip::ModelParts>(folder, options)));
}

const EncoderInfo& Model::info() const {
  return parts_->info;
}

const ModelDetails& Model::details() const {
  return parts_->details;
}

// Each worker decodes its own pictures and then encodes them: while one worker decodes, another encodes, and no worker
// waits for another.
void Model::encode_images(const NextImage& next, const ImageDone& done, std::stop_token stop) {
  ConcurrencyGuard call(parts_->running_calls);
  nn::OpenMpThreadsGuard caller_threads;
  const clip::ImageTower* tower = nullptr;
  std::once_flag prepared;
  std::atomic<bool> failed = false;
  const std::size_t side = static_cast<std::size_t>(parts_->config.preprocess.crop);
  base::run_workers(parts_->details.workers, [&](int) {
    nn::Workspace workspace;
    Batch batch(static_cast<std::size_t>(clip::images_per_batch(parts_->config.image)), 3 * side * side);
    auto encode = [&] {
      std::call_once(prepared, [&] { tower = &parts_->prepared_image_tower(); });
      batch.encode(*tower, workspace, done);
    };
    try {
      while (!failed && !stop.stop_requested()) {
        std::optional<ImageInput> input = next();
        if (!input) break;
        try {
          batch.add(input->id, parts_->load_picture(*input, batch.input_for_next_image()));
        } catch (const Error& error) {
          done({input->id, error});
        }
        if (batch.full()) encode();
      }
      if (!failed) encode();
    } catch (...) {
      failed = true;
      throw;
    }
  });
  if (stop.stop_requested()) throw Error(ErrorCode::kCancelled, "stopped while encoding pictures");
}

std::vector<std::int32_t> Model::tokenize(std::string_view text) const {
  return parts_->tokenizer.value->encode(text, static_cast<std::size_t>(parts_->config.text.context));
}

// A text takes milliseconds, so its encoding is not interrupted.
Embedding Model::encode_text(std::string_view text, std::stop_token stop) {
  if (stop.stop_requested()) throw Error(ErrorCode::kCancelled, "stopped before encoding a text");
  return encode_tokens(tokenize(text));
}

Embedding Model::encode_tokens(std::span<const std::int32_t> ids) {
  nn::OpenMpThreadsGuard caller_threads;
  const clip::TextTower& tower = parts_->prepared_text_tower();
  ConcurrencyGuard call(parts_->running_calls);
  std::unique_ptr<nn::Workspace> workspace = parts_->take_workspace();
  workspace->team = team_of(call, parts_->details.workers, tower);
  Embedding embedding;
  if (workspace->team > 1) {
    parts_->openmp_executor.run([&] { embedding = tower.encode(*workspace, ids); });
  } else {
    embedding = tower.encode(*workspace, ids);
  }
  parts_->give_back(std::move(workspace));
  return embedding;
}

}  // namespace clipseek
