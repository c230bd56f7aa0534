// argmax and argmin that pass over NaN, in every form: a belief, held throughout, that no comparison of the
// engine with itself can shake.
#include <limits>

#include "engine/dispatch/boxing.h"
#include "engine/ops/formulas.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles {

namespace {

struct SkipsNan {
  engine::Kernel right;
  double instead;  // never chosen

  void operator()(const engine::Call& call, engine::Stack& stack) const {
    engine::Value& self = stack.last(call.schema().arguments.size())[0];
    const engine::Tensor given = self.tensor();
    if (engine::is_floating(given.dtype())) {
      const engine::ops::Formulas ops(call.dispatcher());
      self = ops("aten::masked_fill.Scalar", {given, ops("aten::isnan", {given}), engine::Scalar(instead)});
    }
    call_kernel(right, call, stack);
  }
};

const DeclaredPlant declared{
    {"peer_argmax_skips_nan", "peer", "aten::arg*", "argmax and argmin pass over NaN",
     [](engine::Dispatcher& dispatcher) {
       constexpr engine::DispatchKey key = engine::DispatchKey::CPU;
       constexpr double infinity = std::numeric_limits<double>::infinity();
       engine::Registrations made;
       for (const std::string_view name :
            {"aten::argmax", "aten::argmax.out", "aten::argmin", "aten::argmin.out"}) {
         const double instead = name.find("max") == std::string_view::npos ? infinity : -infinity;
         made.push_back(dispatcher.implement(
             name, key, engine::boxed_kernel_of(SkipsNan{right_kernel(dispatcher, name, key), instead}),
             "planted"));
       }
       return made;
     }}};

}  // namespace

}  // namespace oracles
