// _softmax and _log_softmax, along one dimension.
#include "engine/backends/machine.h"
#include "engine/core/error.h"
#include "engine/kernels/functors/rows.h"
#include "engine/ops/formulas.h"
#include "engine/ops/geometry_rules.h"
#include "engine/ops/shape_rules.h"

namespace engine::ops {

namespace {

using namespace functors;

Plan softmax_rule(const CallArguments& args) {
  const Tensor& self = args.tensor(0);
  wrapped_dim(args.integer(1), self.rank());
  if (args.boolean(2)) throw Error("softmax with half to float conversion is not supported on CPU");
  if (!real_dtypes.has(self.dtype())) args.refuse_dtype(self.dtype());
  return {fresh(self.dtype(), self.sizes().copy(), self.device())};
}

template <class Row>
OperatorDeclaration rows(const std::string& name, Tensor (*slope)(Backward&)) {
  return named({.name = name, .arguments = "Tensor self, int dim, bool half_to_float", .in_place = false},
               {.rule = softmax_rule,
                .compute =
                    [](const CallArguments& args, std::span<const Tensor> results) {
                      const Tensor& self = args.tensor(0);
                      const size_t dim = wrapped_dim(args.integer(1), self.rank());
                      machine_of(self.device()).rows(row_kernel<Row>(), results[0], self, dim);
                    },
                .dtypes = real_dtypes,
                .derivative = saving<0, 0b1>(slope),
                .domain = "self = tensor(S...) ; let dtype = float ; dim = dim ; half_to_float = false",
                .accuracy = accuracy::sums});
}

Tensor sum_along(Backward& at, const Tensor& x) {
  return at.ops("aten::sum.dim_IntList", {x, Dims{at.args().integer(1)}, true});
}

const Family softmax_family{{
    rows<Softmax>("_softmax",
                  [](Backward& at) {
                    const Tensor weighted = at.ops.mul(at.grad(), at.result());
                    return at.ops.sub(weighted, at.ops.mul(at.result(), sum_along(at, weighted)));
                  }),
    rows<LogSoftmax>("_log_softmax",
                     [](Backward& at) {
                       const Tensor share = at.ops("aten::exp", {at.result()});
                       return at.ops.sub(at.grad(), at.ops.mul(share, sum_along(at, at.grad())));
                     }),
}};

}  // namespace

}  // namespace engine::ops
