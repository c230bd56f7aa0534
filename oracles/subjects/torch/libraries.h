// Loading operator libraries into libtorch.
#pragma once

#include <string>
#include <vector>

namespace oracles::aten {

// In the order given. Throws engine::InputError for a library that cannot be loaded, and for one that
// registers no operator, kernel or fallback, because a run would not test it.
void load_operator_libraries(const std::vector<std::string>& files);

}  // namespace oracles::aten
