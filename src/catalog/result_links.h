// The result folder of hobot_clip: links 0.jpg, 1.jpg, ... to the pictures found, best first. Every link is named .jpg,
// whatever the picture's format, because hobot_clip's page requests these names.
#pragma once

#include <filesystem>
#include <vector>

namespace clipseek::catalog {

// Replaces the links of an earlier call in `folder` by one link for each of `targets` (absolute paths). The folder's
// manifest, .clipseek-links, lists the links that clipseek made (docs/formats.md, "Result folders"). If another file
// has one of these names, or the target of a listed link has been changed, the function throws an Error that names the
// file before it changes anything. Each link is replaced atomically; if the process ends half-way, the next call
// completes the work. Calls for one folder, also from several processes, run one after the other. Throws Error
// kStorage.
void replace_result_links(const std::filesystem::path& folder, const std::vector<std::filesystem::path>& targets);

}  // namespace clipseek::catalog
