// Factories: new tensors from sizes and numbers, or like a model.
#include <fmt/core.h>

#include <array>
#include <cmath>

#include "engine/backends/copy.h"
#include "engine/backends/cpu/blocks.h"
#include "engine/core/error.h"
#include "engine/ops/declaration.h"
#include "engine/ops/formulas.h"
#include "engine/ops/geometry_rules.h"
#include "engine/ops/host_compute.h"
#include "engine/ops/memory_formats.h"
#include "engine/ops/pointwise.h"
#include "engine/ops/promotion.h"

namespace engine::ops {

namespace {

// Always in this order: `dtype_at` below is the place of the first.
constexpr const char* options =
    ", *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None";

void check_options(const CallArguments& args, size_t dtype_at) {
  const size_t layout_at = dtype_at + 1, pin_at = dtype_at + 3;
  if (!args.is_none(layout_at) && args[layout_at].layout() != Layout::strided)
    throw Error("only the strided layout is implemented", ErrorKind::not_implemented);
  if (!args.is_none(pin_at) && args.boolean(pin_at))
    throw Error("Cannot pin memory: there is no accelerator");
}

Dims checked_sizes(const CallArguments& args, size_t at) {
  const Dims& sizes = args.integers(at);
  for (const int64_t size : sizes)
    if (size < 0) throw Error(fmt::format("Trying to create tensor with negative dimension {}", size));
  return sizes;
}

PlannedTensor planned(const CallArguments& args, Dims sizes, size_t dtype_at, DType usual = default_dtype) {
  check_options(args, dtype_at);
  const Device device = args.device(dtype_at + 2).value_or(DeviceType::cpu);
  return fresh(args.dtype(dtype_at).value_or(usual), std::move(sizes), device);
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

Compute filled(std::function<Scalar(const CallArguments&)> value) {
  return [value = std::move(value)](const CallArguments& args, std::span<const Tensor> results) {
    fill_elements(results[0], value(args));
  };
}
Compute filled(const Scalar& value) {
  return filled([value](const CallArguments&) { return value; });
}

constexpr const char* sized_domain = "size = sizes(S...) ; dtype = none | dtype(any)";
constexpr const char* models = "self = tensor(S...) ; let dtype = any ; dtype = none | dtype(any)";

Plan sized_rule(const CallArguments& args) { return {planned(args, checked_sizes(args, 0), 1)}; }

OperatorDeclaration sized(const std::string& name, Compute compute) {
  return {.functional = "aten::" + name + "(SymInt[] size" + options + ") -> Tensor",
          .rule = sized_rule,
          .compute = std::move(compute),
          .domain = sized_domain,
          .accuracy = accuracy::exact};
}

OperatorDeclaration modelled(const std::string& name, Compute compute) {
  return {.functional =
              "aten::" + name + "(Tensor self" + options + ", MemoryFormat? memory_format=None) -> Tensor",
          .rule = [](const CallArguments& args) -> Plan { return {like(args, 1)}; },
          .compute = std::move(compute),
          // The kernel reads no element.
          .handles = {DispatchKey::Conjugate, DispatchKey::Negative, DispatchKey::ZeroTensor},
          .derivative = {.constant = true},
          .domain = models,
          .accuracy = accuracy::exact};
}

OperatorDeclaration empty() {
  return {.functional = std::string("aten::empty.memory_format(SymInt[] size") + options +
                        ", MemoryFormat? memory_format=None) -> Tensor",
          .rule =
              [](const CallArguments& args) {
                Plan plan = sized_rule(args);
                const MemoryFormat format = args.memory_format(5).value_or(MemoryFormat::contiguous);
                if (format == MemoryFormat::preserve)
                  throw Error("Preserve memory format isn't supported by tensor factories");
                plan[0].strides = strides_for(format, plan[0].sizes);
                return plan;
              },
          .domain = sized_domain,
          .accuracy = accuracy::unspecified};
}

OperatorDeclaration empty_strided() {
  return {
      .functional =
          std::string("aten::empty_strided(SymInt[] size, SymInt[] stride") + options + ") -> Tensor",
      .rule = [](const CallArguments& args) -> Plan {
        PlannedTensor plan = planned(args, checked_sizes(args, 0), 2);
        plan.strides = args.integers(1);
        if (plan.strides.size() != plan.sizes.size())
          throw Error(fmt::format("dimensionality of sizes ({}) must match dimensionality of strides ({})",
                                  plan.sizes.size(), plan.strides.size()));
        for (const int64_t stride : plan.strides)
          if (stride < 0) throw Error("Negative strides are not supported at the moment");
        return {plan};
      },
      .domain = "size = [2, 3] ; stride = [3, 1] | [1, 2] | [6, 2] | [0, 1] ; dtype = none | dtype(any)",
      .accuracy = accuracy::unspecified};
}

OperatorDeclaration full() {
  return {.functional = std::string("aten::full(SymInt[] size, Scalar fill_value") + options + ") -> Tensor",
          .rule = [](const CallArguments& args) -> Plan {
            const Scalar value = args.scalar(1);
            const PlannedTensor plan = planned(args, checked_sizes(args, 0), 2, dtype_of(value));
            check_fits(value, plan.dtype);
            return {plan};
          },
          .compute = filled([](const CallArguments& args) { return args.scalar(1); }),
          .domain = "size = sizes(S...) ; fill_value = 0 | 2 | -1.5 ; dtype = none | dtype(any)",
          .accuracy = accuracy::exact};
}

OperatorDeclaration full_like() {
  OperatorDeclaration made =
      modelled("full_like", filled([](const CallArguments& args) { return args.scalar(1); }));
  made.functional = std::string("aten::full_like(Tensor self, Scalar fill_value") + options +
                    ", MemoryFormat? memory_format=None) -> Tensor";
  made.rule = [](const CallArguments& args) -> Plan {
    const PlannedTensor plan = like(args, 2);
    check_fits(args.scalar(1), plan.dtype);
    return {plan};
  };
  made.domain += " ; fill_value = 0 | 2 | -1";
  return made;
}

// The numbers of arange: integers if all three are.
struct Progression {
  Scalar start, end, step;

  bool integral() const { return start.is_integral() && end.is_integral() && step.is_integral(); }
  // Of [start, end).
  int64_t count() const {
    const double from = start.to_real(), to = end.to_real(), by = step.to_real();
    if (by == 0) throw Error("step must be nonzero");
    if (!std::isfinite(from) || !std::isfinite(to))
      throw Error(fmt::format("unsupported range: {} -> {}", from, to));
    if ((by > 0 && from > to) || (by < 0 && from < to))
      throw Error("upper bound and larger bound inconsistent with step sign");
    constexpr const char* too_many = "invalid size, possible overflow?";
    if (integral() && step.to_integer() == 1) {
      int64_t places = 0;
      if (__builtin_sub_overflow(end.to_integer(), start.to_integer(), &places)) throw Error(too_many);
      return places;
    }
    const double places = std::ceil((to - from) / by);
    if (!(places < 0x1p53)) throw Error(too_many);
    return static_cast<int64_t>(places);
  }
};

// With `bounds` of the three numbers as arguments: the end, start and end, or all.
Progression progression(const CallArguments& args, size_t bounds) {
  if (bounds == 1) return {Scalar(0), args.scalar(0), Scalar(1)};
  return {args.scalar(0), args.scalar(1), bounds == 2 ? Scalar(1) : args.scalar(2)};
}

int64_t truncated(const Scalar& number) {
  return number.is_integral() ? number.to_integer() : math::to_integer(number.to_real());
}

void arange_compute(const CallArguments& args, std::span<const Tensor> results, size_t bounds) {
  const Progression numbers = progression(args, bounds);
  const Tensor& out = results[0];
  for (int64_t i = 0; i < out.element_count(); ++i) {
    const int64_t at = i * out.stride(0);
    if (is_integral(out.dtype()))
      cpu::store_element(out, at, math::add(truncated(numbers.start), math::mul(i, truncated(numbers.step))));
    else
      cpu::store_element(out, at, numbers.start.to_real() + static_cast<double>(i) * numbers.step.to_real());
  }
}

OperatorDeclaration arange(size_t bounds) {
  constexpr std::array<const char*, 3> overloads{"", ".start", ".start_step"};
  constexpr std::array<const char*, 3> arguments{"Scalar end", "Scalar start, Scalar end",
                                                 "Scalar start, Scalar end, Scalar step=1"};
  constexpr std::array<const char*, 3> domains{
      "end = 0..9 | 2.5", "start = -2..2 | 0.5 ; end = 2..9",
      "start = -2..2 | 0.5 ; end = 2..9 ; step = 1 | 2 | 0.25 || start = 5 ; end = -3..2 ; step = -1 | -2"};
  return {.functional = std::string("aten::arange") + overloads[bounds - 1] + "(" + arguments[bounds - 1] +
                        options + ") -> Tensor",
          .rule = [bounds](const CallArguments& args) -> Plan {
            const Progression numbers = progression(args, bounds);
            const DType dtype = numbers.integral() ? DType::i64 : default_dtype;
            PlannedTensor plan = planned(args, {numbers.count()}, bounds, dtype);
            if (plan.dtype == DType::b8 || is_complex(plan.dtype)) args.refuse_dtype(plan.dtype);
            return {plan};
          },
          .compute = host_compute([bounds](const CallArguments& args, std::span<const Tensor> results) {
            arange_compute(args, results, bounds);
          }),
          .dtypes = all_dtype_set - bool_dtype - complex_dtypes,
          .domain = std::string(domains[bounds - 1]) + " ; dtype = none | f32 | i64 | f64 | f16",
          .accuracy = accuracy::elementary(1, "a product and a sum in f64, rounded once")};
}

OperatorDeclaration zero_tensor() {
  OperatorDeclaration made = sized("_efficientzerotensor", {});
  made.rule = [](const CallArguments& args) {
    Plan plan = sized_rule(args);
    plan[0].is_zero = true;
    return plan;
  };
  return made;
}

const Family factories{{empty(), empty_strided(), sized("zeros", filled(Scalar(0))),
                        sized("ones", filled(Scalar(1))), full(), zero_tensor(), arange(1), arange(2),
                        arange(3)}};

const Family models_of_one{{
    modelled("empty_like", {}),
    modelled("zeros_like", filled(Scalar(0))),
    modelled("ones_like", filled(Scalar(1))),
    full_like(),
}};

}  // namespace

}  // namespace engine::ops
