// The result folder of hobot_clip: 0.jpg, 1.jpg, ... are the pictures found, best first. Every name ends in .jpg,
// whatever the picture's format, because hobot_clip's page requests these names.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "clipseek/catalog.h"

namespace clipseek::catalog {

struct ResultPicture {
  std::filesystem::path target;  // the picture's file, absolute, or the url of an Observation
  std::string thumbnail{};       // a JPEG: a file with this content takes the place of the link
};

// Returns a picture for each hit. Observations, which have no file, get the thumbnail that `catalog` has of them; only
// the first 1,000, so that the result stays small.
std::vector<ResultPicture> result_pictures(Catalog& catalog, const std::vector<SearchHit>& hits);

// Replaces the links and thumbnails of an earlier call in `folder` by one for each of `pictures`. The folder's
// manifest, .clipseek-links, lists those that clipseek made (docs/formats.md, "Result folders"). If another file has
// one of these names, or a listed link has another target or a listed file another content, the function throws an
// Error that names the file before it changes anything. Each is replaced atomically; if the process ends half-way, the
// next call completes the work. Calls for one folder, also from several processes, run one after the other. Throws
// Error kStorage.
void replace_result_links(const std::filesystem::path& folder, const std::vector<ResultPicture>& pictures);

// Returns the thumbnails in `folder` that an earlier call made and that are unchanged: by number, the url of each.
// Never throws; a folder that cannot be read has none.
std::map<std::size_t, std::string> result_thumbnails(const std::filesystem::path& folder);

}  // namespace clipseek::catalog
