#include "nodes/shared/dump_feature.h"

#include <bit>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <string>

#include "base/ascii.h"
#include "base/system_error.h"

namespace clipseek::nodes {

std::filesystem::path dump_file_name(std::size_t index, std::string_view text) {
  constexpr std::size_t kMaxLetters = 50;
  std::string name = std::to_string(index) + "_";
  for (char c : text.substr(0, kMaxLetters)) {
    bool plain = base::is_ascii_alphanumeric(c) || c == '-';
    name += plain ? c : '_';
  }
  return name + ".bin";
}

void dump_feature(const std::filesystem::path& file, const Embedding& embedding) {
  static_assert(std::endian::native == std::endian::little);
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> out(std::fopen(file.c_str(), "wbe"), std::fclose);
  if (!out) throw base::system_error("write", file.string(), errno);
  bool written = std::fwrite(embedding.data(), sizeof(float), embedding.size(), out.get()) == embedding.size();
  if (std::fclose(out.release()) != 0 || !written) throw base::system_error("write", file.string(), errno);
}

}  // namespace clipseek::nodes
