// Finds Faultline's own plug-in libraries: in FAULTLINE_PLUGIN_DIR if that is set, else next to libfaultline
// or the executable.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace oracles {

// The folder of libfaultline, PREFIX/lib.
std::filesystem::path library_folder();

std::string plugin_file(std::string_view name);  // its path; empty: not found

}  // namespace oracles
