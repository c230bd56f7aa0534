// Properties of operators that their schemas and tags do not give, as lists of names: which operators draw
// random numbers, change the geometry of what they write, or access more than their arguments.
#pragma once

#include <string_view>

#include "engine/dispatch/schema.h"

namespace oracles::aten {

bool takes_generator(const engine::Schema& schema);
bool draws_at_random(std::string_view name);          // "aten::lstm"
bool changes_geometry(std::string_view name);         // "aten::resize_"
bool is_off_limits(std::string_view qualified);       // "aten::from_file.out"
bool is_python_library(std::string_view qualified);   // "prims::abs": registered by PyTorch's Python code
bool is_test_of_library(std::string_view qualified);  // registered by c10's tests, which note no file
bool names_a_dimension(std::string_view argument);

}  // namespace oracles::aten
