// Where Faultline's own plug-in libraries are: in FAULTLINE_PLUGIN_DIR if that is set, else beside
// libfaultline or the executable.
#pragma once

#include <string>
#include <string_view>

namespace oracles {

std::string plugin_file(std::string_view name);  // the path; empty: the file is nowhere

}  // namespace oracles
