#include "engine/ops/zero_rule.h"

#include <array>
#include <cmath>
#include <complex>
#include <cstddef>

#include "engine/backends/copy.h"
#include "engine/backends/cpu/blocks.h"
#include "engine/core/check.h"
#include "engine/core/shape.h"
#include "engine/dispatch/operator.h"
#include "engine/ops/resolve.h"

namespace engine::ops {

namespace {

constexpr DispatchKey key = DispatchKey::ZeroTensor;

// Whether every element is +0: a lazy bit would make it -0. Zeros of an interpreter are left to it.
bool is_plain_zero(const Tensor& tensor) {
  return tensor.defined() && tensor.is_zero() && !tensor.is_neg() && !tensor.is_conj() &&
         !tensor.keys().has(DispatchKey::Python);
}
bool is_plain_zero(const Value& value) {
  if (value.is_tensor()) return is_plain_zero(value.tensor());
  if (!value.is(ValueTag::tensors) || value.tensors().empty()) return false;
  return std::all_of(value.tensors().begin(), value.tensors().end(),
                     [](const Tensor& tensor) { return is_plain_zero(tensor); });
}

bool gives_zero(const ZeroRule& rule, const CallArguments& args) {
  size_t named = 0, zeros = 0;
  for (size_t i = 0; i < args.size(); ++i) {
    if (!(rule.arguments >> i & 1)) continue;
    ++named;
    zeros += is_plain_zero(args[i]);
  }
  return rule.when == ZeroRule::When::any ? zeros > 0 : zeros == named;
}

// Whether +0 times the number, or divided by it, is +0. An infinite real divisor would do, too, but not an
// infinite complex one.
bool result_is_zero(std::complex<double> number, bool divides) {
  const auto finite_positive = [](double part) { return std::isfinite(part) && !std::signbit(part); };
  return finite_positive(number.real()) && finite_positive(number.imag()) && !(divides && number == 0.0);
}

// The element cast to the common dtype: a finite number may become infinite there.
std::complex<double> element_as(DType common, const Tensor& tensor, int64_t position) {
  auto element = cpu::load_element<math::Complex<double>>(tensor, position);
  auto* const bytes = reinterpret_cast<std::byte*>(&element);
  alignas(std::max_align_t) std::array<std::byte, sizeof element> stored{};
  cpu::store_block(common, stored.data(), 1, ComputeType::c128, bytes, 1);
  cpu::load_block(ComputeType::c128, bytes, common, stored.data(), 1, 1);
  return {element.re, element.im};
}

// Whether this holds for every element. False for elements that cannot be read here.
bool result_is_zero(const Tensor& tensor, DType common, bool divides) {
  if (tensor.is_zero()) return !divides && is_plain_zero(tensor);
  if (!tensor.has_data() || tensor.is_neg() || tensor.is_conj()) return false;
  bool all = true;
  const Tensor here = on_host(tensor);
  for_each_position(here.sizes(), here.strides(), 0,
                    [&](int64_t at) { all = all && result_is_zero(element_as(common, here, at), divides); });
  return all;
}

bool others_allow_zero(const ZeroRule& rule, const CallArguments& args, DType common) {
  const bool divides = rule.exact == ZeroRule::Exact::nonzero_others;
  for (size_t i = 0; i < args.size(); ++i) {
    if ((rule.arguments >> i & 1) && is_plain_zero(args[i])) continue;
    if (args[i].is_tensor() && !result_is_zero(args.tensor(i), common, divides)) return false;
    if (args[i].is_number() && !result_is_zero(args.scalar(i).to_complex(), divides)) return false;
  }
  return true;
}

bool have_elements(const ZeroRule& rule, const CallArguments& args) {
  for (size_t i = 0; i < args.size(); ++i)
    if ((rule.arguments >> i & 1) && args.tensor(i).element_count() == 0) return false;
  return true;
}

bool is_exact(const ZeroRule& rule, const CallArguments& args, const Plan& plan) {
  using Exact = ZeroRule::Exact;
  const bool has_signs = !is_integral(plan[0].dtype);
  switch (rule.exact) {
    case Exact::always:
      return true;
    case Exact::up_to_sign:
      return !has_signs;
    case Exact::with_elements:
      return have_elements(rule, args);
    case Exact::finite_others:
      return !has_signs || others_allow_zero(rule, args, plan[0].dtype);
    case Exact::nonzero_others:
      return others_allow_zero(rule, args, plan[0].dtype);
  }
  return false;
}

}  // namespace

void ZeroRuleKernel::operator()(const Call& call, Stack& stack) const {
  const std::span<Value> arguments = stack.last(call.schema().arguments.size());
  const CallArguments args(call.schema(), arguments);
  if (gives_zero(declaration->zero, args)) {
    const Plan plan = declaration->rule(args);
    CHECK(plan.size() == 1, "a zero rule for an operator with one result");
    if (is_exact(declaration->zero, args, plan)) {
      const Tensor zero = make_zero_tensor(plan[0].dtype, plan[0].sizes, plan[0].device);
      zero.set_geometry(plan[0].sizes, plan[0].strides, 0);
      return stack.replace_last(arguments.size(), zero);
    }
  }
  resolve_arguments(call, arguments, key);
  call.op().redispatch_boxed(call.keys & KeySet::full_after(key), stack);
}

}  // namespace engine::ops
