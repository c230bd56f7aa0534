// Arguments: a case's values fitted to an operator's argument types. A boxed call checks no types, so what is
// fitted here has exactly the type that the schema declares; a value that cannot have it throws Misfit.
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/ivalue.h>

#include <functional>
#include <string>
#include <vector>

#include "corpora/case/value.h"
#include "engine/dispatch/schema.h"

namespace oracles::aten {

// What one argument accepts: a schema type, made ready for fitting.
struct Fit {
  enum class Kind : uint8_t {
    tensor,
    integer,
    real,
    boolean,
    number,
    string,
    dimname,
    scalar_type,
    layout,
    memory_format,
    device,
    generator,
    storage,
    stream,
    any,
    list,
    optional,
    unsupported
  };
  Kind kind = Kind::unsupported;
  std::vector<Fit> element;   // of list and optional: one
  int64_t fixed_size = 0;     // of a list such as int[2]; 0: any
  c10::TypePtr element_type;  // of a list that has no special form in c10
};

Fit fit_of(const engine::Type& type, const c10::TypePtr& libtorch_type);

struct Misfit {
  std::string what;
};

// What fitting needs to know of the run.
struct FitContext {
  std::function<at::Tensor(const corpora::TensorRef&)> tensor;  // throws Misfit for a reference to nothing
  bool meta = false;                                            // device "cpu" becomes "meta"
};

c10::IValue fitted(const corpora::Value& value, const Fit& fit, const FitContext& context);

// Whether this PyTorch has the dtype. A number may mean another dtype in another version: the name decides.
bool has_dtype(engine::DType dtype);
c10::ScalarType scalar_type_of(engine::DType dtype);  // throws Misfit for a dtype that it does not have
// False when the dtype is not one of ours.
bool dtype_of(c10::ScalarType type, engine::DType& dtype);

}  // namespace oracles::aten
