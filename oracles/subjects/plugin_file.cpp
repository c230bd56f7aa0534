#include "oracles/subjects/plugin_file.h"

#include <dlfcn.h>

#include <cstdlib>
#include <vector>

namespace oracles {

namespace {

namespace fs = std::filesystem;

fs::path executable_folder() {
  std::error_code ignored;
  return fs::read_symlink("/proc/self/exe", ignored).parent_path();
}

}  // namespace

fs::path library_folder() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<const void*>(&plugin_file), &info) == 0 || !info.dli_fname) return {};
  std::error_code ignored;
  return fs::canonical(info.dli_fname, ignored).parent_path();
}

std::string plugin_file(std::string_view name) {
  std::vector<fs::path> folders;
  if (const char* chosen = std::getenv("FAULTLINE_PLUGIN_DIR")) {
    folders.emplace_back(chosen);
  } else {
    folders = {library_folder(), executable_folder() / ".." / "lib", executable_folder()};
  }
  std::error_code ignored;
  for (const fs::path& folder : folders)
    if (!folder.empty() && fs::exists(folder / name, ignored)) return fs::canonical(folder / name).string();
  return {};
}

}  // namespace oracles
