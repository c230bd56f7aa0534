// Arguments: a case's values fitted to an operator's argument types. A boxed call checks no types, so what is
// fitted here has exactly the type that the schema declares.
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/ivalue.h>

#include "oracles/subjects/arguments.h"

namespace oracles::aten {

using TorchFitting = Fitting<at::Tensor, c10::Device>;

// `torch_type` is libtorch's form of `type`. Throws Misfit.
c10::IValue fitted(const corpora::Value& value, const engine::Type& type, const c10::TypePtr& torch_type,
                   const TorchFitting& fitting);

// Whether this PyTorch has the dtype. A number may mean another dtype in another version: the name decides.
bool has_dtype(engine::DType dtype);
c10::ScalarType scalar_type_of(engine::DType dtype);  // throws Misfit without it
// False if the engine does not have the dtype.
bool dtype_of(c10::ScalarType type, engine::DType& dtype);

}  // namespace oracles::aten
