// Spec: what a line of a domains file says of one argument, as a tree made ready for drawing. Names are
// resolved while parsing: size symbols and shape symbols are numbers, the same in every line of a file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "corpora/case/case.h"
#include "engine/core/dtype.h"

namespace corpora {

// Sizes, bounds and counts: integers over size symbols and over shapes already drawn.
struct Expr {
  enum class Kind : uint8_t {
    number,
    symbol,  // a size symbol
    fresh,   // _: a size of its own at each use
    rank,    // of a shape
    size,    // size(shape, d): one size of a shape; d counts from the end when negative
    count,   // number of elements of a shape
    add,
    subtract,
    multiply,
    divide,  // towards zero; by 0: 0
    minimum,
    maximum
  };
  Kind kind = Kind::number;
  int64_t number = 0;
  int32_t symbol = -1;   // a size symbol, or the shape symbol that rank, size and count ask about
  std::string argument;  // rank, size, count: the tensor argument they ask about where there is no symbol
  std::vector<Expr> operands;
};

struct ShapeTerm {
  enum class Kind : uint8_t {
    size,       // one dimension
    maybe,      // [N]: there or not, the same for every use of the symbol in a draw
    shape,      // S...: all dimensions of a shape symbol
    broadcast,  // broadcast(S...): a shape that broadcasts to it
    without,    // without(S..., d)
    with,       // with(S..., d, n): dimension d has size n
    insert,     // insert(S..., d, n)
    like,       // like(x): the sizes of a tensor argument drawn before
    reduced     // reduced(x): like(x) after a reduction over the call's own `dim` and `keepdim`
  };
  Kind kind = Kind::size;
  int32_t symbol = -1;
  std::string argument;
  Expr dimension;
  Expr size;
};

// A set of dtypes as bits, in the order of engine::all_dtypes; 0 stands for the dtype that a call's tensors
// share.
using DTypeSet = uint32_t;
constexpr DTypeSet only(engine::DType dtype) { return DTypeSet{1} << static_cast<unsigned>(dtype); }

enum class Fill : uint8_t {
  mixed,  // any of the rules, exact ones mostly
  rule,   // one of TensorSpec::rules
  // From here on the values are written out, through the view.
  between,      // whole numbers in [low, high]
  ascending,    // sorted along the last dimension
  permutation,  // of 0 1 2 ... along the last dimension
  spread,       // from `low` to `high` in equal steps along the last dimension, both included
  spd,          // symmetric and positive definite matrices
  regular,      // invertible matrices, well conditioned
  lower,        // lower triangular matrices, no zero on the diagonal
  upper,
  listed  // the numbers of TensorSpec::numbers, again and again
};

struct TensorSpec {
  std::vector<ShapeTerm> shape;
  DTypeSet dtypes = 0;
  bool component = false;  // the real dtype of the shared one's components
  Fill fill = Fill::mixed;
  std::vector<FillRule> rules;
  Expr low, high;
  std::vector<double> numbers;
  bool contiguous = false;  // nothing but a plain block
  bool disjoint = false;    // no two elements share memory
};

struct Assignment;

struct Spec {
  enum class Kind : uint8_t {
    one_of,     // any of `parts`
    maybe,      // parts[0], or nothing: None, or an undefined tensor
    any,        // as if no line spoke of the argument
    absent,     // None; an undefined tensor where the type has no None
    undefined,  // an undefined tensor
    preset,     // the schema's default
    boolean,    // true or false
    literal,    // `value`
    integers,   // from `low` to `high`, both included; most often equal
    reals,      // from real_low to real_high in 16 steps, both included
    tensor,
    sequence,     // [a, b, ...]: the parts, one after another
    repeated,     // list(n; a): parts[1], as often as parts[0] says
    sizes,        // the sizes of a shape, as a list of integers
    dim,          // a dimension of a shape, counted from either end
    dims,         // different dimensions of a shape
    permutation,  // all dimensions of a shape in some order
    dtype,        // one of `dtypes`; the call's own where that is 0
    result        // what an earlier call returns
  };
  Kind kind = Kind::any;
  std::vector<Spec> parts;
  Value value;
  Expr low, high;
  double real_low = 0, real_high = 0;
  std::optional<TensorSpec> tensor;
  std::vector<ShapeTerm> shape;  // of sizes, dim, dims, permutation; empty: of the call's first tensor
  DTypeSet dtypes = 0;
  std::string op;                       // of result: the operator,
  std::vector<Assignment> assignments;  // what its arguments are,
  int32_t output = 0;                   // and which tensor among its results
};

// What one item of a line sets.
struct Assignment {
  enum class Target : uint8_t { argument, size, shape, dtype };
  Target target = Target::argument;
  std::string argument;
  int32_t symbol = -1;
  Spec spec;
};

}  // namespace corpora
