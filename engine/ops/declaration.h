// OperatorDeclaration: all that the engine knows of one operator, in one place: its schemas, what its results
// look like, how they are computed, its derivative, what zeros do to it, which arguments are sensible, and
// how exact it is. Kernels for every key are made of it (register_operators.h), and so are domains, meta
// kernels, fake tensors, autograd and references' bounds. Promises: a declaration is never changed once it is
// registered. A Family declares the operators of one file by existing: nobody edits a list.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/accuracy.h"
#include "engine/core/key_set.h"
#include "engine/dispatch/kernel.h"
#include "engine/kernels/dtype_set.h"
#include "engine/ops/call_arguments.h"
#include "engine/ops/plan.h"

namespace engine::ops {

class Backward;

// What the results look like, from metadata alone: never reads an element. Raises what the call would raise.
using Rule = std::function<Plan(const CallArguments&)>;
// Fills results that are allocated already, as planned. Elements are read and written here only.
using Compute = std::function<void(const CallArguments&, std::span<const Tensor> results)>;
// The gradients of the tensors among the arguments, in order, lists element by element; numbers have none.
// Undefined where nothing flows.
using Formula = std::function<std::vector<Tensor>(Backward&)>;

// First-order reverse differentiation, and whose elements the formula reads: bits by place. Sizes, dtype and
// device of every argument and result are there for any formula.
struct Derivative {
  Formula formula = {};
  uint32_t saves_arguments = 0;
  uint32_t saves_results = 0;
  bool constant = false;  // results do not depend on any element: nothing is recorded (zeros_like, detach)
  explicit operator bool() const { return static_cast<bool>(formula); }
};

// Which arguments make the result zero by being zero, and where that is what a computation gives, too. Of
// these the kernel at ZeroTensor is made (zero_rule.h). No rule where the call may yet be refused for what
// the elements of another argument are: an index out of range.
struct ZeroRule {
  enum class When : uint8_t { never, any, all } when = When::never;  // of `arguments`: one is zero, or all
  uint32_t arguments = 0;                                            // bits by place
  enum class Exact : uint8_t {
    always,         // signs of zeros included
    up_to_sign,     // values; the sign of zero may differ (neg)
    with_elements,  // when there are any: an empty product is 1, an empty mean NaN
    finite_others,  // when the other operands are finite (mul)
    nonzero_others  // when the other operands are neither zero nor NaN (div)
  } exact = Exact::always;
  explicit operator bool() const { return when != When::never; }
};
inline constexpr ZeroRule keeps_zero{ZeroRule::When::all, 0b1, ZeroRule::Exact::always};  // f(0) = 0

enum class OperatorKind : uint8_t {
  structured,  // rule and compute: results are allocated by the rule, or are the out= and self given
  view,        // rule alone: results share an argument's storage
  boxed,       // `kernel` does it all, for every backend alike (copy_, resize_, item)
  composite    // `kernel` calls other operators: CompositeImplicitAutograd
};

struct OperatorDeclaration {
  OperatorKind kind = OperatorKind::structured;
  // Schemas. The arguments of all forms stand in the same places; out= comes behind them.
  std::string functional = {}, in_place = {}, out = {};

  Rule rule = {};
  Compute compute = {};
  BoxedFunction kernel = nullptr;  // of boxed and composite
  DTypes dtypes = all_dtype_set;   // that it takes, once promoted
  // Keys whose bits the kernels read themselves: conj, neg, zero. Fallthroughs there.
  KeySet handles = {};
  // The compute functor reads of each operand the element that it writes, and that before it writes it.
  bool pointwise = false;
  // What is written may get other sizes or strides, though it is no out=.
  bool changes_geometry = false;
  // There is no meta kernel: the result depends on data.
  bool needs_data = false;

  Derivative derivative = {};
  ZeroRule zero = {};
  std::string domain = {};  // items in the language of corpora/domains
  Accuracy accuracy = {};

  // The forms that there are, functional first.
  std::vector<std::string_view> schemas() const {
    std::vector<std::string_view> all;
    for (const std::string* schema : {&functional, &in_place, &out})
      if (!schema->empty()) all.emplace_back(*schema);
    return all;
  }
};

// The declarations of one file. Made before main, or when a plug-in is loaded, and kept to the end.
class Family {
 public:
  explicit Family(std::vector<OperatorDeclaration> declarations);
  const std::vector<OperatorDeclaration>& declarations() const { return declarations_; }
  const Family* next() const { return next_; }

 private:
  std::vector<OperatorDeclaration> declarations_;
  const Family* next_;
};

// Every declaration of every family, by functional name (or the first form's).
std::vector<const OperatorDeclaration*> all_declarations();

}  // namespace engine::ops
