#include "web/result_folder.h"

#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include "catalog/result_links.h"
#include "catalog/topic_url.h"
#include "web/reply.h"

namespace clipseek::web {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kMaxLinks = 10'000;

// Returns the number in a link's name: 3 for "3.jpg".
std::optional<std::size_t> number_of(const std::string& name) {
  std::size_t number = 0;
  auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end == name.data() || *end != '.') return std::nullopt;
  return number;
}

// Returns the name and the target of each link in a folder, and of each thumbnail that takes the place of a link, by
// number.
std::map<std::size_t, std::pair<std::string, std::string>> links_in(const std::string& folder) {
  std::map<std::size_t, std::pair<std::string, std::string>> links;
  std::error_code error;
  fs::directory_iterator iterator(folder, error);
  for (; !error && iterator != fs::directory_iterator() && links.size() < kMaxLinks; iterator.increment(error)) {
    std::string name = iterator->path().filename().string();
    std::optional<std::size_t> number = number_of(name);
    std::error_code ignored;
    if (!number || !iterator->is_symlink(ignored)) continue;
    fs::path target = fs::read_symlink(iterator->path(), ignored);
    if (ignored) continue;
    if (!catalog::is_topic_url(target.string())) {  // else a picture of a topic without a thumbnail: a link to its url
      if (target.is_relative()) target = fs::path(folder) / target;
      target = target.lexically_normal();
    }
    links.emplace(*number, std::pair(std::move(name), target.string()));
  }
  for (auto& [number, url] : catalog::result_thumbnails(folder)) {
    if (links.size() < kMaxLinks) links.emplace(number, std::pair(std::to_string(number) + ".jpg", std::move(url)));
  }
  return links;
}

}  // namespace

ResultFolder::ResultFolder(const fs::path& folder, const catalog::Library& library)
    : folder_(folder.empty() ? "" : fs::absolute(folder).lexically_normal().string()), library_(library) {
  if (folder_.size() > 1 && folder_.ends_with('/')) folder_.pop_back();
}

// Creating, replacing and removing a link changes the folder's modification time.
std::string ResultFolder::version() const {
  struct stat status {};
  if (::stat(folder_.c_str(), &status) != 0) return "none-" + library_.state().version;
  return std::to_string(status.st_ino) + "-" + std::to_string(status.st_mtim.tv_sec) + "-" +
         std::to_string(status.st_mtim.tv_nsec) + "-" + library_.state().version;
}

ResultFolder::Content ResultFolder::read() const {
  std::string now = version();  // taken first, so that a change during the read gives another version
  auto links = links_in(folder_);
  std::vector<std::string> targets;
  for (const auto& [number, link] : links) targets.push_back(link.second);
  std::map<std::string, SearchHit> known = library_.find_paths(targets);
  base::Json::Array entries;
  std::int64_t rank = 0;
  for (const auto& [number, link] : links) {
    base::Json::Object entry{
        {"rank", ++rank}, {"link", link.first}, {"path", link.second}, {"name", file_name_of(link.second)}};
    auto item = known.find(link.second);
    entry.emplace_back("id", item != known.end() ? base::Json(item->second.id) : base::Json());
    if (std::string topic = catalog::topic_of(link.second); !topic.empty()) entry.emplace_back("topic", topic);
    if (item != known.end()) {
      entry.emplace_back("width", item->second.width);
      entry.emplace_back("height", item->second.height);
      entry.emplace_back("size", item->second.size);
      entry.emplace_back("modified_ms", item->second.modified_ms);
    }
    entries.emplace_back(std::move(entry));
  }
  return {now, base::Json::Object{{"folder", folder_}, {"version", now}, {"entries", std::move(entries)}}};
}

}  // namespace clipseek::web
