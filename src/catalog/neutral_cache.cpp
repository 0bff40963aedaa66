#include "catalog/neutral_cache.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <system_error>
#include <utility>

#include "base/ascii.h"
#include "base/mapped_file.h"
#include "catalog/unit_vector.h"

namespace clipseek::catalog {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "clipseek-neutral 1\n";
constexpr std::size_t kHashDigits = 32;

std::string hash_of(std::span<const char* const> sentences) {
  std::string all;
  for (const char* sentence : sentences) all.append(sentence).push_back('\n');
  return base::content_hash(std::as_bytes(std::span(all)));
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

}  // namespace

fs::path neutral_cache_folder() {
  fs::path caches = variable("XDG_CACHE_HOME");
  if (caches.is_relative()) {  // ignored, as the XDG base directory specification requires
    fs::path home = variable("HOME");
    if (home.is_relative()) return {};
    caches = home / ".cache";
  }
  return caches / "clipseek" / "neutral";
}

// The fingerprint of a remote encoder comes from the network, so it is used as a file name only if it consists of
// letters, digits and "-". Returns an empty path otherwise.
fs::path NeutralCache::file_for(const EncoderInfo& model, std::span<const char* const> sentences) const {
  constexpr std::size_t kMaxName = 64;
  const std::string& name = model.fingerprint;
  bool plain = !name.empty() && name.size() <= kMaxName && std::all_of(name.begin(), name.end(), [](char letter) {
    return base::is_ascii_alphanumeric(letter) || letter == '-';
  });
  if (folder_.empty() || !plain) return {};
  return folder_ / (name + "-" + hash_of(sentences));
}

std::optional<std::vector<Embedding>> NeutralCache::load(const EncoderInfo& model,
                                                         std::span<const char* const> sentences) const {
  const fs::path file = file_for(model, sentences);
  if (file.empty() || model.dimension <= 0) return std::nullopt;
  const std::size_t dimension = static_cast<std::size_t>(model.dimension);
  const std::size_t vector_bytes = sentences.size() * dimension * sizeof(float);
  const std::size_t head_bytes = kMagic.size() + kHashDigits;
  std::vector<std::byte> bytes;
  try {
    bytes = base::read_file(file, head_bytes + vector_bytes);
  } catch (const Error&) {
    return std::nullopt;
  }
  if (bytes.size() != head_bytes + vector_bytes) return std::nullopt;
  const std::span<const std::byte> vectors = std::span(bytes).subspan(head_bytes);
  const std::string head(reinterpret_cast<const char*>(bytes.data()), head_bytes);
  if (head != std::string(kMagic) + base::content_hash(vectors)) return std::nullopt;
  std::vector<Embedding> embeddings(sentences.size(), Embedding(dimension));
  for (std::size_t i = 0; i < embeddings.size(); ++i) {
    std::memcpy(embeddings[i].data(), vectors.data() + i * dimension * sizeof(float), dimension * sizeof(float));
    if (!is_unit_vector(embeddings[i], model.dimension)) return std::nullopt;
  }
  return embeddings;
}

void NeutralCache::store(const EncoderInfo& model, std::span<const char* const> sentences,
                         const std::vector<Embedding>& embeddings) const {
  const fs::path file = file_for(model, sentences);
  if (file.empty()) return;
  std::string vectors;
  for (const Embedding& embedding : embeddings) {
    vectors.append(reinterpret_cast<const char*>(embedding.data()), embedding.size() * sizeof(float));
  }
  std::error_code error;
  fs::create_directories(folder_, error);
  fs::path temporary = file;
  temporary += ".new-" + std::to_string(::getpid());
  std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
  out << kMagic << base::content_hash(std::as_bytes(std::span(vectors))) << vectors;
  out.close();
  if (out.good()) {
    fs::rename(temporary, file, error);
    if (!error) return;
  }
  fs::remove(temporary, error);
}

}  // namespace clipseek::catalog
