// Parts of a case as C++ source for libtorch: memory, views, layers, calls. Every value is exact.
#pragma once

#include <string>

#include "corpora/case/case.h"
#include "corpora/case/path.h"
#include "engine/dispatch/schema.h"

namespace reports {

std::string cpp_string(std::string_view text);
std::string cpp_dims(const engine::Dims& dims);     // "{2, 3}"
std::string cpp_layers(const corpora::Path& path);  // "{{"zero", 0}, {"meta", -1}}"
// "memory_of(at::kFloat, {0,0,128,63})"
std::string cpp_storage(const corpora::Storage& storage, const std::vector<std::byte>& bytes);
// "call("aten::add", "Tensor", {x[0], x[1], int64_t(1)})". Empty if the type of an argument is not supported.
std::string cpp_call(const corpora::Call& call, const engine::Schema& schema);

}  // namespace reports
