#include "cli/installed.h"

#include <cstdlib>
#include <filesystem>

#include "engine/core/input_error.h"

namespace cli {
namespace {

namespace fs = std::filesystem;

fs::path prefix() { return fs::read_symlink("/proc/self/exe").parent_path().parent_path(); }

}  // namespace

std::string installed_known() { return (prefix() / "share" / "faultline" / "known").string(); }

std::string installed_planted_library() {
  const char* plugins = std::getenv("FAULTLINE_PLUGIN_DIR");
  const fs::path library = (plugins ? fs::path(plugins) : prefix() / "lib") / "libfaultline_planted.so";
  if (!fs::exists(library))
    throw engine::InputError("--plant",
                             "there is no " + library.string() + "; a build with libtorch makes it");
  return library.string();
}

}  // namespace cli
