// Factories: fresh tensors without operands, or with one as the model.
#include "engine/backends/copy.h"
#include "engine/core/error.h"
#include "engine/ops/declaration.h"
#include "engine/ops/formulas.h"
#include "engine/ops/geometry_rules.h"
#include "engine/ops/memory_formats.h"
#include "engine/ops/pointwise.h"
#include "engine/ops/promotion.h"

namespace engine::ops {

namespace {

// Where the options stand that follow in this order: dtype, layout, device, pin_memory.
constexpr const char* options =
    ", *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None";

void check_options(const CallArguments& args, size_t dtype_at) {
  const size_t layout_at = dtype_at + 1, pin_at = dtype_at + 3;
  if (!args.is_none(layout_at) && args[layout_at].layout() != Layout::strided)
    throw Error("only strided tensors can be made here", ErrorKind::not_implemented);
  if (!args.is_none(pin_at) && args.boolean(pin_at))
    throw Error("Cannot pin memory: there is no accelerator");
}

Dims checked_sizes(const CallArguments& args, size_t at) {
  const Dims& sizes = args.integers(at);
  for (const int64_t size : sizes)
    if (size < 0) throw Error("Trying to create tensor with negative dimension " + std::to_string(size));
  return sizes;
}

PlannedTensor made(const CallArguments& args, Dims sizes, size_t dtype_at, DType otherwise = default_dtype) {
  check_options(args, dtype_at);
  const Device device = args.device(dtype_at + 2).value_or(Device(DeviceType::cpu));
  return fresh(args.dtype(dtype_at).value_or(otherwise), std::move(sizes), device);
}

PlannedTensor like(const CallArguments& args, size_t dtype_at) {
  check_options(args, dtype_at);
  const Tensor& self = args.tensor(0);
  const MemoryFormat format = args.memory_format(dtype_at + 4).value_or(MemoryFormat::preserve);
  return {.dtype = args.dtype(dtype_at).value_or(self.dtype()),
          .sizes = self.sizes().copy(),
          .strides = strides_for(format, self),
          .device = args.device(dtype_at + 2).value_or(self.device())};
}

// A dtype that a fill value asks for by being what it is.
DType dtype_of_fill(const Scalar& value) {
  return value.kind() == Scalar::Kind::integer ? DType::i64 : dtype_of(value);
}

Compute filled(std::function<Scalar(const CallArguments&)> value) {
  return [value](const CallArguments& args, std::span<const Tensor> results) {
    fill_elements(results[0], value(args));
  };
}
Compute filled(const Scalar& value) {
  return filled([value](const CallArguments&) { return value; });
}

constexpr const char* shapes = "size = sizes(S...) ; dtype = none | dtype(any)";
constexpr const char* models = "self = tensor(S...) ; let dtype = any ; dtype = none | dtype(any)";

OperatorDeclaration sized(const std::string& name, Compute compute) {
  return {.functional = "aten::" + name + "(SymInt[] size" + options + ") -> Tensor",
          .rule = [](const CallArguments& args) -> Plan { return {made(args, checked_sizes(args, 0), 1)}; },
          .compute = std::move(compute),
          .domain = shapes,
          .tolerance = tolerance::exact};
}

OperatorDeclaration modelled(const std::string& name, Compute compute) {
  return {.functional =
              "aten::" + name + "(Tensor self" + options + ", MemoryFormat? memory_format=None) -> Tensor",
          .rule = [](const CallArguments& args) -> Plan { return {like(args, 1)}; },
          .compute = std::move(compute),
          // They read no element.
          .handles = {DispatchKey::Conjugate, DispatchKey::Negative, DispatchKey::ZeroTensor},
          .derivative = {.constant = true},
          .domain = models,
          .tolerance = tolerance::exact};
}

OperatorDeclaration empty() {
  return {.functional = std::string("aten::empty.memory_format(SymInt[] size") + options +
                        ", MemoryFormat? memory_format=None) -> Tensor",
          .rule = [](const CallArguments& args) -> Plan {
            PlannedTensor plan = made(args, checked_sizes(args, 0), 1);
            const MemoryFormat format = args.memory_format(5).value_or(MemoryFormat::contiguous);
            if (format == MemoryFormat::preserve)
              throw Error("Preserve memory format isn't supported by tensor factories");
            plan.strides = strides_for(format, plan.sizes);
            return {plan};
          },
          .domain = shapes,
          .tolerance = {Tolerance::Tier::t4, 0, "elements are whatever memory held"}};
}

OperatorDeclaration empty_strided() {
  return {.functional =
              std::string("aten::empty_strided(SymInt[] size, SymInt[] stride") + options + ") -> Tensor",
          .rule = [](const CallArguments& args) -> Plan {
            PlannedTensor plan = made(args, checked_sizes(args, 0), 2);
            plan.strides = args.integers(1);
            if (plan.strides.size() != plan.sizes.size())
              throw Error("dimensionality of sizes (" + std::to_string(plan.sizes.size()) +
                          ") must match dimensionality of strides (" + std::to_string(plan.strides.size()) +
                          ")");
            for (const int64_t stride : plan.strides)
              if (stride < 0) throw Error("Negative strides are not supported at the moment");
            return {plan};
          },
          .domain = "size = [2, 3] ; stride = [3, 1] | [1, 2] | [6, 2] | [0, 1] ; dtype = none | dtype(any)",
          .tolerance = {Tolerance::Tier::t4, 0, "elements are whatever memory held"}};
}

OperatorDeclaration full() {
  return {.functional = std::string("aten::full(SymInt[] size, Scalar fill_value") + options + ") -> Tensor",
          .rule = [](const CallArguments& args) -> Plan {
            const Scalar value = args.scalar(1);
            const PlannedTensor plan = made(args, checked_sizes(args, 0), 2, dtype_of_fill(value));
            check_fits(value, plan.dtype);
            return {plan};
          },
          .compute = filled([](const CallArguments& args) { return args.scalar(1); }),
          .domain = "size = sizes(S...) ; fill_value = 0 | 2 | -1.5 ; dtype = none | dtype(any)",
          .tolerance = tolerance::exact};
}

OperatorDeclaration full_like() {
  return {.functional = std::string("aten::full_like(Tensor self, Scalar fill_value") + options +
                        ", MemoryFormat? memory_format=None) -> Tensor",
          .rule = [](const CallArguments& args) -> Plan {
            const PlannedTensor plan = like(args, 2);
            check_fits(args.scalar(1), plan.dtype);
            return {plan};
          },
          .compute = filled([](const CallArguments& args) { return args.scalar(1); }),
          .handles = {DispatchKey::Conjugate, DispatchKey::Negative, DispatchKey::ZeroTensor},
          .derivative = {.constant = true},
          .domain = std::string(models) + " ; fill_value = 0 | 2 | -1",
          .tolerance = tolerance::exact};
}

// All zero, and no byte stored.
OperatorDeclaration zero_tensor() {
  return {.functional = std::string("aten::_efficientzerotensor(SymInt[] size") + options + ") -> Tensor",
          .rule = [](const CallArguments& args) -> Plan {
            PlannedTensor plan = made(args, checked_sizes(args, 0), 1);
            plan.is_zero = true;
            return {plan};
          },
          .domain = shapes,
          .tolerance = tolerance::exact};
}

const Family factories{{
    empty(),
    empty_strided(),
    sized("zeros", filled(Scalar(0))),
    sized("ones", filled(Scalar(1))),
    full(),
    zero_tensor(),
}};

const Family models_of_one{{
    modelled("empty_like", {}),
    modelled("zeros_like", filled(Scalar(0))),
    modelled("ones_like", filled(Scalar(1))),
    full_like(),
}};

}  // namespace

}  // namespace engine::ops
