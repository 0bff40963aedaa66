#include "nodes/manage/result_folder.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <memory>

#include "base/json.h"
#include "base/system_error.h"
#include "catalog/result_links.h"
#include "clipseek/error.h"

namespace clipseek::nodes {
namespace {

namespace fs = std::filesystem;

// The first bytes of every results.json that clipseek writes, by which it recognizes its own files.
constexpr std::string_view kSignature = R"({"clipseek_results":1,)";

void refuse_foreign(const fs::path& file) {
  if (fs::symlink_status(file).type() == fs::file_type::not_found) return;
  std::array<char, kSignature.size()> start{};
  if (fs::is_regular_file(fs::symlink_status(file)))
    std::ifstream(file, std::ios::binary).read(start.data(), start.size());
  if (std::string_view(start.data(), start.size()) == kSignature) return;
  throw Error(ErrorCode::kStorage, file.string() + " was not written by clipseek and is not replaced: " +
                                       "move it, or choose another folder for the results");
}

void replace_file(const fs::path& file, const std::string& content) {
  fs::path temporary = file.parent_path() / ".clipseek-new-results.json";
  fs::remove(temporary);
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> out(std::fopen(temporary.c_str(), "wxe"), std::fclose);
  if (!out) throw base::system_error("write", temporary.string(), errno);
  bool written = std::fwrite(content.data(), 1, content.size(), out.get()) == content.size();
  if (std::fclose(out.release()) != 0 || !written) throw base::system_error("write", temporary.string(), errno);
  fs::rename(temporary, file);
}

}  // namespace

std::string results_json(const QueryResults& results) {
  base::Json::Array hits;
  int rank = 0;
  for (const SearchHit& hit : results.hits) {
    hits.push_back(base::Json::Object{{"rank", ++rank}, {"score", hit.score}, {"path", hit.path}});
  }
  return base::Json(base::Json::Object{
                        {"clipseek_results", 1}, {"text", results.text}, {"url", results.url}, {"results", hits}})
      .dump();
}

void write_results(const fs::path& folder, const QueryResults& results, Catalog& catalog) {
  fs::path file = folder / "results.json";
  try {
    refuse_foreign(file);
    catalog::replace_result_links(folder, catalog::result_pictures(catalog, results.hits));
    replace_file(file, results_json(results) + "\n");
  } catch (const fs::filesystem_error& error) {
    throw Error(ErrorCode::kStorage, "cannot write " + file.string() + ": " + error.code().message());
  }
}

}  // namespace clipseek::nodes
