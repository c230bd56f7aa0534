// References: independent computations of operators, by qualified name. A reference is index loops over
// arrays, written once as a template over the scalar W:
//   references.add("aten::relu", []<class W>(Call<W>& call) { ... call.results.push_back(...); });
// It reads call.arguments, in the order of the schema, and pushes the results of the functional form;
// evaluate() derives the results of in-place and out= forms. It throws Raises if the call must raise, and
// Unknown if it cannot decide. Promises: the same computation in double and in Quad, without rounding in
// between, so that a reference can be differentiated numerically and is more precise than any kernel.
// Includes engine/core only: it shares no rule of promotion, broadcasting or dtypes with the code that it
// judges.
#pragma once

#include <algorithm>
#include <concepts>
#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/scalar.h"
#include "oracles/reference/kernels/array.h"

namespace reference {

enum class Written : uint8_t { no, in_place, out };

template <class W>
struct Argument {
  enum class Kind : uint8_t { none, array, list, number, integers, dtype, other };
  Kind kind = Kind::none;
  Written written = Written::no;
  std::vector<Array<W>> arrays;  // one, or a list
  std::vector<bool> absent =
      {};                 // of a list of optional tensors: which are None; those are empty in `arrays`
  engine::Scalar number;  // also of bools
  Dims integers;          // a list of them
  DType dtype = DType::f32;
  // The array's geometry in its storage, for the few operators whose result depends on it (as_strided).
  Dims strides = {};
  int64_t offset = 0;
};

template <class W>
struct Result {
  Array<W> values = {};
  bool is_tensor = true;   // false: a plain number or bool
  bool has_values = true;  // false: uninitialised by contract; only dtype and sizes are compared
  // The dtype to which the result is rounded before it is written to an out= or self of another dtype.
  DType computed = values.dtype;
  // The error of a computation in rounded arithmetic, for tiers that accumulate: `roundings` errors, each
  // relative to the element's magnitude, sum |a||b| of what was summed. Empty: of the element itself.
  double roundings = 1;
  // A factor by which a later step multiplies these errors, if above 1: errors of denormals are absolute.
  double amplified = 1;
  std::vector<double> magnitudes = {};
  // The largest intermediate value of each element. If it may overflow the dtype, the element is unspecified.
  // Empty: the element itself.
  std::vector<double> steps = {};
  // Elements that are unspecified. Empty: none.
  std::vector<bool> unspecified = {};
  bool zero_signs = true;  // false: a zero may have either sign

  void leave_open(size_t i) {
    unspecified.resize(values.count());
    unspecified[i] = true;
  }
  void note_step(size_t i, double size) {
    steps.resize(values.count());
    steps[i] = std::max(steps[i], size);
  }
};

template <class W>
struct Call {
  std::vector<Argument<W>> arguments = {};
  std::vector<Result<W>> results = {};
  // False while derivatives are computed: intermediate values are then never rounded to a dtype.
  bool rounds = true;

  const Array<W>& array(size_t i) const { return arguments[i].arrays.front(); }
  bool is_none(size_t i) const { return arguments[i].kind == Argument<W>::Kind::none; }
  bool is_array(size_t i) const { return arguments[i].kind == Argument<W>::Kind::array; }
  int64_t integer(size_t i) const { return arguments[i].number.to_integer(); }
  bool boolean(size_t i) const { return arguments[i].number.to_boolean(); }
  Result<W>& give(Array<W> values) { return results.emplace_back(Result<W>{.values = std::move(values)}); }
};

struct Reference {
  std::function<void(Call<double>&)> narrow;  // wide enough for f32, c64 and the half types
  std::function<void(Call<Quad>&)> wide;      // for f64 and c128
  bool reshapes = false;                      // its in-place form changes sizes

  template <class F>
    requires std::invocable<F, Call<double>&> && std::invocable<F, Call<Quad>&>
  Reference(F body, bool changes_sizes = false)
      : narrow(body), wide(body), reshapes(changes_sizes) {}  // NOLINT
};

// Not a singleton: each subject owns one.
class References {
 public:
  void add(std::string_view name, const Reference& reference);
  void add(std::initializer_list<std::string_view> names, const Reference& reference);
  const Reference* find(std::string_view name) const;
  std::vector<std::string> names() const;

 private:
  std::map<std::string, Reference, std::less<>> references_;
};

// Fills call.results. Results that are written arguments have those arguments' dtypes. Throws Raises,
// Unknown.
void evaluate(const Reference& reference, Call<double>& call);
void evaluate(const Reference& reference, Call<Quad>& call);

// A reference for every operator that engine/ops declares.
References built_in_references();

}  // namespace reference

namespace oracles {
using reference::References;  // plug-ins add to it by `void faultline_references(oracles::References&)`
}
