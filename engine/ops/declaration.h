// OperatorDeclaration: everything that the engine knows about one operator: its schemas, what its results
// look like, how they are computed, its derivative, its zero rule, its input domain and its accuracy. From it
// come the kernels for every key (register_operators.h), domains, meta kernels, fake tensors, autograd and
// the bounds of references. Promises: a declaration does not change once it is registered. A Family object
// registers the declarations of one file, so no list needs an edit.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/backends/machine.h"
#include "engine/core/accuracy.h"
#include "engine/core/key_set.h"
#include "engine/dispatch/kernel.h"
#include "engine/kernels/dtype_set.h"
#include "engine/ops/call_arguments.h"
#include "engine/ops/plan.h"

namespace engine::ops {

class Backward;

// Plans the results from metadata alone: never reads an element. Raises what the call raises.
using Rule = std::function<Plan(const CallArguments&)>;
// Fills the results, which are allocated as planned. Only this function reads and writes elements.
using Compute = std::function<void(const CallArguments&, std::span<const Tensor> results)>;
// The one call of a machine with which a pointwise operator computes, from metadata alone. The kernel is
// valid as long as the declaration, and the operands as long as the arguments.
struct PointwiseCall {
  const PointwiseKernel* kernel = nullptr;
  DType common = DType::f32;
  SmallVector<PointwiseOperand, 4> operands = {};
};
using Elements = std::function<PointwiseCall(const CallArguments&)>;
// The gradients of the tensors among the arguments, in order, lists element by element; numbers have none.
// Undefined: no gradient flows to that tensor.
using Formula = std::function<std::vector<Tensor>(Backward&)>;

// The formula of reverse differentiation, and whose elements the formula reads: bits by place. The sizes,
// dtype and device of every argument and result are available to any formula.
struct Derivative {
  Formula formula = {};
  uint32_t saves_arguments = 0;
  uint32_t saves_results = 0;
  bool overwrites = false;  // the argument that the call writes does not reach the result (fill, zero)
  bool constant = false;    // results do not depend on any element (zeros_like, detach): nothing is recorded
  explicit operator bool() const { return static_cast<bool>(formula); }
};

// Which zero arguments make the result zero, and when computing would give the same. The kernel at ZeroTensor
// follows from it (zero_rule.h). An operator that refuses elements of another argument (an index out of
// range) has no rule.
struct ZeroRule {
  enum class When : uint8_t { never, any, all } when = When::never;  // one of `arguments` is zero, or all are
  uint32_t arguments = 0;                                            // bits by place
  enum class Exact : uint8_t {
    always,         // signs of zeros included
    up_to_sign,     // the sign of zero may differ (neg)
    with_elements,  // if there are any: an empty product is 1, an empty mean NaN
    finite_others,  // if the other operands are finite (mul)
    nonzero_others  // if the other operands are neither zero nor NaN (div)
  } exact = Exact::always;
  explicit operator bool() const { return when != When::never; }
};
// Of operators of one tensor: +0 gives +0, for complex numbers in both parts.
inline constexpr ZeroRule keeps_zero{ZeroRule::When::all, 0b1, ZeroRule::Exact::always};

enum class OperatorKind : uint8_t {
  structured,  // rule and compute: the rule allocates the results, or they are the given out= and self
  view,        // rule alone: results share an argument's storage
  boxed,       // `kernel` does everything, the same for every backend (copy_, resize_, item)
  composite    // `kernel` calls other operators: CompositeImplicitAutograd
};

enum class Form : uint8_t { functional, in_place, out };

struct OperatorDeclaration {
  OperatorKind kind = OperatorKind::structured;
  // Schemas. All forms have the same arguments in the same places; out= follows them.
  std::string functional = {}, in_place = {}, out = {};

  Rule rule = {};
  Compute compute = {};
  Elements elements = {};          // what `compute` calls, if it does nothing else
  BoxedFunction kernel = nullptr;  // of boxed and composite
  DTypes dtypes = all_dtype_set;   // after promotion
  // Keys whose bits the kernels read themselves: fallthroughs at Conjugate, Negative, ZeroTensor.
  KeySet handles = {};
  // Each element is written after the operands' elements at its place are read, and no others are read.
  bool pointwise = false;
  // A written tensor that is not an out= may get different sizes or strides.
  bool changes_geometry = false;
  // The result depends on data, so the operator has no Meta kernel.
  bool needs_data = false;

  Derivative derivative = {};
  ZeroRule zero = {};
  std::string domain = {};  // items in the language of corpora/domains
  Accuracy accuracy = {};

  // The forms that have a schema, functional first.
  std::vector<Form> forms() const;
  const std::string& schema(Form form) const;
};

// An operator's name, of aten unless it has a namespace, and its arguments after the functional form's
// schema:
// {"exp", "", "Tensor self"} is aten::exp, aten::exp_ and aten::exp.out.
struct FormNames {
  std::string name, overload = "", arguments = "Tensor self", out_overload = "out";
  bool in_place = true, out = true;
};
// Adds the schemas of the forms, each of which has one tensor as its result.
OperatorDeclaration named(const FormNames& names, OperatorDeclaration rest);

// The declarations of one file. Constructed before main or when a plug-in is loaded, and never destroyed
// before exit.
class Family {
 public:
  explicit Family(std::vector<OperatorDeclaration> declarations);
  const std::vector<OperatorDeclaration>& declarations() const { return declarations_; }
  const Family* next() const { return next_; }

 private:
  std::vector<OperatorDeclaration> declarations_;
  const Family* next_;
};

// Every declaration of every family, sorted by the schema of its first form.
std::vector<const OperatorDeclaration*> all_declarations();

struct DeclaredForm {
  const OperatorDeclaration* declaration = nullptr;  // null if no family declares the operator
  Form form = Form::functional;
};
DeclaredForm declared_form(std::string_view qualified);  // "aten::add_.Tensor"

}  // namespace engine::ops
