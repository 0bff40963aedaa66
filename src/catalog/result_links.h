// The result folder that hobot_clip makes: links 0.jpg, 1.jpg, ... to the pictures found, best first. Each is named
// .jpg whatever its picture is, for its page asks for these names.
#pragma once

#include <filesystem>
#include <vector>

namespace clipseek::catalog {

// Makes `folder` hold one link for each of `targets` (absolute paths) and none of an earlier call's. The folder's
// manifest, .clipseek-links, tells which links clipseek made (docs/formats.md, "Result folders"): any other file under
// one of the names, also a link that leads elsewhere by now, is an Error that names it, before anything is changed.
// Each link is replaced atomically and, if the process ends half-way, the next call goes on from there. Calls for one
// folder from several processes take turns. Throws Error kStorage.
void replace_result_links(const std::filesystem::path& folder, const std::vector<std::filesystem::path>& targets);

}  // namespace clipseek::catalog
