#include "clip/model.h"

#include <algorithm>
#include <atomic>
#include <mutex>

#include "base/mapped_file.h"
#include "base/side_thread.h"
#include "base/thread_pool.h"
#include "clip/fingerprint.h"
#include "clip/image_tower.h"
#include "clip/load_tokenizer.h"
#include "clip/text_tower.h"
#include "nn/hardware.h"

namespace clipseek {
namespace {

constexpr std::size_t kMaxPictureBytes = std::size_t{512} << 20;

Precision choose(PrecisionChoice choice) {
  if (choice == PrecisionChoice::kAuto) return has_native_bf16() ? Precision::kBf16 : Precision::kF32;
  if (choice == PrecisionChoice::kF32) return Precision::kF32;
  if (!supports(Precision::kBf16)) {
    throw Error(ErrorCode::kUnsupported, "precision bf16 needs a CPU with AVX-512; use f32 or auto");
  }
  return Precision::kBf16;
}

// A value that is made by the first thread that needs it.
template <typename Value>
class Lazy {
 public:
  template <typename Make>
  Value& get(Make&& make) {
    std::lock_guard lock(mutex_);
    if (!value_) value_ = make();
    return *value_;
  }

 private:
  std::mutex mutex_;
  std::unique_ptr<Value> value_;
};

}  // namespace

struct Model::Impl {
  std::filesystem::path folder;
  ModelConfig config;
  SafetensorsFile weights;
  LoadedTokenizer tokenizer;
  EncoderInfo info;
  Precision precision;
  int workers;

  Lazy<TextTower> text_tower;
  Lazy<ImageTower> image_tower;
  std::atomic<int> running = 0;  // calls of encode_images and encode_tokens
  std::mutex text_mutex;
  std::vector<std::unique_ptr<Workspace>> idle_workspaces;  // of encode_text's callers
  SideThread team_leader;                                   // where products are shared by several threads

  Impl(const std::filesystem::path& path, const ModelOptions& options)
      : folder(path),
        config(read_model_config(path)),
        weights(path / weight_file_name(config.layout)),
        tokenizer(load_tokenizer(path, config)),
        precision(choose(options.precision)),
        workers(options.workers > 0 ? options.workers : available_cores()) {
    find_text_tower(weights, config);   // both check names and shapes now, so that a
    find_image_tower(weights, config);  // damaged model is refused before any work
    info.name = std::filesystem::weakly_canonical(path).filename().string();
    info.dimension = config.projection;
    info.logit_scale = read_logit_scale(weights);
    info.fingerprint = model_fingerprint(config, weights, tokenizer.digest);
  }

  std::unique_ptr<Workspace> take_workspace() {
    std::lock_guard lock(text_mutex);
    if (idle_workspaces.empty()) return std::make_unique<Workspace>();
    std::unique_ptr<Workspace> taken = std::move(idle_workspaces.back());
    idle_workspaces.pop_back();
    return taken;
  }
  void give_back(std::unique_ptr<Workspace> workspace) {
    std::lock_guard lock(text_mutex);
    idle_workspaces.push_back(std::move(workspace));
  }

  // Fills `pixels` with the picture's input to the tower.
  EncodedImage load_picture(const ImageInput& input, std::span<float> pixels) const {
    if (input.picture) {
      preprocess(*input.picture, config.preprocess, pixels);
      return {{}, input.picture->original_width, input.picture->original_height};
    }
    std::vector<std::byte> from_file;
    if (input.bytes.empty()) from_file = read_file(input.path, kMaxPictureBytes);
    DecodeOptions options;
    options.max_pixels = input.max_pixels;
    // Twice the input: the bicubic filter still averages over the pixels that DCT scaling did not.
    options.min_short_side = 2 * config.preprocess.resize;
    Picture picture = decode_picture(input.bytes.empty() ? from_file : input.bytes, input.path, options);
    preprocess(picture, config.preprocess, pixels);
    return {{}, picture.original_width, picture.original_height};
  }
};

namespace {

// Counts a call for as long as it lives.
class RunningCall {
 public:
  explicit RunningCall(std::atomic<int>& count) : count_(count), alone_(count_++ == 0) {}
  ~RunningCall() { --count_; }
  RunningCall(const RunningCall&) = delete;
  RunningCall& operator=(const RunningCall&) = delete;
  bool alone() const { return alone_; }

 private:
  std::atomic<int>& count_;
  bool alone_;
};

// How many threads may share the products of a text.
int team_of(const RunningCall& call, int workers) {
#ifdef __SANITIZE_THREAD__
  workers = 1;  // the sanitizer does not see how OpenMP's threads wait for each other, and reports all they share
#endif
  return call.alone() ? workers : 1;
}

// One worker's pictures on their way: decoded one by one until the batch is full, then encoded together.
class Batch {
 public:
  Batch(std::size_t images, std::size_t picture) : picture_(picture), pixels_(images * picture) {}

  std::span<float> next_pixels() { return std::span(pixels_).subspan(ids_.size() * picture_, picture_); }
  void add(std::size_t id, EncodedImage image) {
    ids_.push_back(id);
    images_.push_back(std::move(image));
  }
  bool full() const { return ids_.size() * picture_ == pixels_.size(); }

  void encode(const ImageTower& tower, Workspace& workspace, const ImageDone& done) {
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
  std::size_t picture_;
  std::vector<float> pixels_;
  std::vector<std::size_t> ids_;
  std::vector<EncodedImage> images_;
};

}  // namespace

int images_per_batch(const ImageTowerConfig& config) {
  constexpr int kRows = 800;  // 16 pictures of ViT-B/32
  return std::clamp(kRows / config.tokens(), 1, 16);
}

Model::Model(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Model::~Model() = default;

std::unique_ptr<Model> Model::open(const std::filesystem::path& folder, const ModelOptions& options) {
  return std::unique_ptr<Model>(new Model(std::make_unique<Impl>(folder, options)));
}

const EncoderInfo& Model::info() const {
  return impl_->info;
}
const ModelConfig& Model::config() const {
  return impl_->config;
}
Precision Model::precision() const {
  return impl_->precision;
}
int Model::workers() const {
  return impl_->workers;
}
const std::filesystem::path& Model::folder() const {
  return impl_->folder;
}

const ImageTower& Model::image_tower() {
  return impl_->image_tower.get(
      [&] { return std::make_unique<ImageTower>(impl_->weights, impl_->config, impl_->precision); });
}

// Every core decodes its own pictures and then encodes them, so while one decodes another encodes and none waits.
void Model::encode_images(const NextImage& next, const ImageDone& done) {
  RunningCall call(impl_->running);
  const ImageTower* tower = nullptr;
  std::once_flag prepared;
  std::atomic<bool> failed = false;
  const std::size_t side = static_cast<std::size_t>(impl_->config.preprocess.crop);
  run_workers(impl_->workers, [&](int) {
    Workspace workspace;
    Batch batch(static_cast<std::size_t>(images_per_batch(impl_->config.image)), 3 * side * side);
    auto encode = [&] {
      std::call_once(prepared, [&] { tower = &image_tower(); });
      batch.encode(*tower, workspace, done);
    };
    try {
      while (!failed) {
        std::optional<ImageInput> input = next();
        if (!input) break;
        try {
          batch.add(input->id, impl_->load_picture(*input, batch.next_pixels()));
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
}

std::vector<TokenId> Model::tokenize(std::string_view text) const {
  return impl_->tokenizer.value->encode(text, static_cast<std::size_t>(impl_->config.text.context));
}

Embedding Model::encode_text(std::string_view text) {
  return encode_tokens(tokenize(text));
}

Embedding Model::encode_tokens(std::span<const TokenId> ids) {
  const TextTower& tower = impl_->text_tower.get(
      [&] { return std::make_unique<TextTower>(impl_->weights, impl_->config, impl_->precision); });
  RunningCall call(impl_->running);
  std::unique_ptr<Workspace> workspace = impl_->take_workspace();
  workspace->team = team_of(call, impl_->workers);
  Embedding embedding;
  if (workspace->team > 1) {
    impl_->team_leader.run([&] { embedding = tower.encode(*workspace, ids); });
  } else {
    embedding = tower.encode(*workspace, ids);
  }
  impl_->give_back(std::move(workspace));
  return embedding;
}

}  // namespace clipseek
