#include "engine/ops/pointwise.h"

#include "engine/core/error.h"
#include "engine/ops/geometry_rules.h"
#include "engine/ops/promotion.h"
#include "engine/ops/shape_rules.h"

namespace engine::ops {

namespace {

DType common_dtype(const Pointwise& op, const CallArguments& args) {
  Promotion promotion;
  for (size_t k = op.conditions; k < op.operands.size(); ++k) {
    const size_t i = op.operands[k];
    if (args[i].is_tensor())
      promotion.add(args.tensor(i));
    else
      promotion.add(args.scalar(i));
  }
  const DType common = promotion.result();
  return op.floating ? to_floating(common) : common;
}

}  // namespace

Rule pointwise_rule(Pointwise op) {
  return [op](const CallArguments& args) -> Plan {
    const Device device = common_device(args);
    SmallVector<const Tensor*> tensors;
    Sizes<int64_t> sizes;
    for (const size_t i : op.operands) {
      if (!args[i].is_tensor()) continue;
      tensors.push_back(&args.tensor(i));
      sizes = broadcast_sizes<int64_t>(IntSpan(sizes), tensors.back()->sizes());
    }
    const DType common = common_dtype(op, args);
    if (op.check) op.check(args, common);
    if (!op.kernel.dtypes.has(common)) args.refuse_dtype(common);
    Dims strides = pointwise_strides(sizes, span_of(tensors));
    return {{op.kernel.result_dtype(common), std::move(sizes), std::move(strides), device}};
  };
}

PointwiseCall pointwise_call(const Pointwise& op, const CallArguments& args) {
  const DType common = common_dtype(op, args);
  const bool bools = common == DType::b8 && op.of_bools.arity > 0;
  const bool rounds = !op.wide_numbers || is_integral(common);  // -2 in u8 is 254
  PointwiseCall call{.kernel = bools ? &op.of_bools : &op.kernel, .common = common};
  for (size_t k = 0; k < op.operands.size(); ++k) {
    const size_t i = op.operands[k];
    if (args[i].is_tensor())
      call.operands.push_back({&args.tensor(i), {}, k >= op.conditions});
    else
      call.operands.push_back({nullptr, args.scalar(i), rounds});
  }
  for (const size_t i : op.parameters)
    call.operands.push_back({nullptr, args.scalar(i), is_integral(common)});
  return call;
}

Compute compute_of(Elements elements) {
  return [elements = std::move(elements)](const CallArguments& args, std::span<const Tensor> results) {
    const PointwiseCall call = elements(args);
    run_pointwise(*call.kernel, call.common, results[0], span_of(call.operands));
  };
}

OperatorDeclaration pointwise_declaration(const FormNames& names, const Pointwise& op,
                                          OperatorDeclaration rest) {
  rest.rule = pointwise_rule(op);
  rest.elements = [op](const CallArguments& args) { return pointwise_call(op, args); };
  rest.compute = compute_of(rest.elements);
  rest.dtypes = op.kernel.dtypes;
  if (op.floating) rest.dtypes = rest.dtypes | bool_dtype | integer_dtypes;
  rest.pointwise = true;
  return named(names, std::move(rest));
}

}  // namespace engine::ops
