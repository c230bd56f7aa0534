// Parts of a case as Python source for torch: memory, views, arguments, calls. Every value is exact: a value
// without an exact literal (a NaN with a payload) is written as bytes.
#pragma once

#include <string>

#include "corpora/case/case.h"
#include "corpora/case/path.h"
#include "engine/dispatch/schema.h"

namespace reports {

std::string python_string(std::string_view text);   // a quoted literal, pure ASCII
std::string python_number(double x);                // reads back as the same float
std::string python_dtype(engine::DType dtype);      // "torch.float32"
std::string python_dims(const engine::Dims& dims);  // "(2, 3)", "(2,)", "()"

// "torch.tensor([1.0, 2.0], dtype=torch.float32)": a one-dimensional tensor of the storage's elements.
// Large storages of random numbers are a call of drawn(), which `drawn_function` defines.
extern const std::string_view drawn_function;
bool is_drawn(const corpora::Storage& storage);
std::string python_storage(const corpora::Storage& storage, const std::vector<std::byte>& bytes);
// "[('zero', 0), ('meta', None)]"
std::string python_layers(const corpora::Path& path);
// "torch.ops.aten.add.Tensor"
std::string python_operator(const std::string& qualified);
// "torch.ops.aten.add.Tensor(x[0], r0, alpha=1)". `schema` may be nullptr: then all arguments are positional.
std::string python_call(const corpora::Call& call, const engine::Schema* schema);

}  // namespace reports
