// Loading operator libraries into libtorch, and importing Python modules that register operators.
#pragma once

#include <string>
#include <vector>

namespace oracles::aten {

// In the order given; "python:NAME" is a module. Throws engine::InputError for what cannot be loaded or
// imported, and for a library that registers no operator, kernel or fallback, because a run would not test
// it.
void load_operator_libraries(const std::vector<std::string>& files);

}  // namespace oracles::aten
