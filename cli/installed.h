// Where an installed (or just built) faultline keeps what it needs, found from the executable's own place:
// PREFIX/bin/faultline, PREFIX/lib/, PREFIX/share/faultline/.
#pragma once

#include <string>

namespace cli {

std::string installed_known();  // PREFIX/share/faultline/known
std::string
installed_planted_library();  // PREFIX/lib/libfaultline_planted.so; InputError where it is missing

}  // namespace cli
