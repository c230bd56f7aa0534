// References: independent computations of operators, by qualified name. A reference is index loops over
// arrays, written once as a template over the scalar W:
//   references.add("aten::relu", []<class W>(Call<W>& call) { ... call.results.push_back(...); });
// It reads call.arguments, which stand as in the schema, and pushes the results of the functional form; what
// in-place and out= forms do with them is done by evaluate(). It throws Raises where the call must raise, and
// Unknown where it cannot tell.
// Promises: the same computation in double and in Quad, unrounded, so that a reference can be differentiated
// numerically and evaluated more precisely than any kernel. Includes engine/core alone: no rule of promotion,
// of broadcasting or of a dtype is shared with what is judged.
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
  std::vector<Array<W>> arrays;   // one, or a list
  std::vector<bool> absent = {};  // of a list of optional ones: those that are not there, and empty above
  engine::Scalar number;          // also of bools
  Dims integers;                  // a list of them
  DType dtype = DType::f32;
  // Where an array's elements lie in its storage: for the few operators that are about that.
  Dims strides = {};
  int64_t offset = 0;
};

template <class W>
struct Result {
  Array<W> values = {};
  bool is_tensor = true;   // otherwise a plain number or truth value
  bool has_values = true;  // false: uninitialised by contract, only dtype and sizes are told
  // What the result is rounded to before it is written to an out= or self of another dtype.
  DType computed = values.dtype;
  // The error of a computation in rounded arithmetic, for tiers that accumulate: `roundings` errors, each
  // relative to the element's magnitude, sum |a||b| of what was summed. Empty: of the element itself.
  double roundings = 1;
  // What a later step multiplies them by, where that is more than 1: errors of denormal numbers are absolute.
  double amplified = 1;
  std::vector<double> magnitudes = {};
  // The largest step on the way to each element, where that may be past what the dtype holds: then the
  // element may be anything. Empty: the element itself.
  std::vector<double> steps = {};
  // Elements that may be anything. Empty: none.
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
  // False for derivatives: then nothing is rounded to a dtype on the way, where the rules say it is.
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

// An object, not a singleton: each subject has its own.
class References {
 public:
  void add(std::string_view name, const Reference& reference);
  void add(std::initializer_list<std::string_view> names, const Reference& reference);
  const Reference* find(std::string_view name) const;
  std::vector<std::string> names() const;

 private:
  std::map<std::string, Reference, std::less<>> references_;
};

// Fills call.results; those of written arguments have these arguments' dtypes. Throws Raises and Unknown.
void evaluate(const Reference& reference, Call<double>& call);
void evaluate(const Reference& reference, Call<Quad>& call);

// A reference for every operator that engine/ops declares.
References built_in_references();

}  // namespace reference

namespace oracles {
using reference::References;  // plug-ins add to it by `void faultline_references(oracles::References&)`
}
