// Spec: what a line of a domains file says about one argument, as a tree. Symbols are numbers, the same in
// every line of a file.
#pragma once

#include <boost/container/vector.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "corpora/case/case.h"
#include "corpora/case/dtype_set.h"
#include "engine/core/dtype.h"

namespace corpora {

// Sizes, bounds and counts: integers computed from size symbols and from shapes already drawn.
struct Expr {
  enum class Kind : uint8_t {
    number,
    symbol,  // a size symbol
    fresh,   // _: a new size at each use
    rank,    // of a shape
    size,    // size(shape, d): one size of a shape; a negative d counts from the end
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
  int32_t symbol = -1;        // a size symbol, or the shape symbol of rank, size and count
  std::string argument = {};  // of rank, size and count: the tensor argument if there is no symbol
  std::vector<Expr> operands = {};
};

struct ShapeTerm {
  enum class Kind : uint8_t {
    size,       // one dimension
    maybe,      // [N]: optional; in one draw, all uses of the symbol are present or none is
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
  std::string argument = {};
  Expr dimension = {};
  Expr size = {};
};

enum class Fill : uint8_t {
  mixed,  // any of the rules, mostly exact ones
  rule,   // one of TensorSpec::rules
  // The fills below are explicit values of the view's elements.
  between,      // whole numbers in [low, high]; with TensorSpec::reals, numbers between these two
  columns,      // whole numbers; one range for each index along the last dimension
  offsets,      // ascending whole numbers along the last dimension, from 0 to at most `high`
  ascending,    // sorted along the last dimension
  permutation,  // of 0 1 2 ... along the last dimension
  spread,       // from `low` to `high` in equal steps along the last dimension, both included
  spd,          // symmetric and positive definite matrices
  regular,      // invertible matrices, well conditioned
  lower,        // lower triangular matrices without zeros on the diagonal
  upper,
  listed  // TensorSpec::numbers, repeated
};

struct ExprRange {
  Expr low, high;
};

struct TensorSpec {
  std::vector<ShapeTerm> shape;
  DTypeSet dtypes = 0;     // 0: the dtype that the call's tensors share
  bool component = false;  // the real dtype of the shared one's components
  std::string dtype_of;    // the dtype of a tensor argument drawn before
  Fill fill = Fill::mixed;
  std::vector<FillRule> rules;
  Expr low, high;
  std::vector<ExprRange> columns;
  bool reals = false;           // of between: `numbers` are the two bounds
  std::vector<double> numbers;  // of listed, and of between with reals
  bool contiguous = false;
  bool disjoint = false;  // no two elements share memory
};

struct Assignment;
// Not std::vector, whose default value needs the complete type.
using Assignments = boost::container::vector<Assignment>;

struct Spec {
  enum class Kind : uint8_t {
    one_of,     // any of `parts`
    maybe,      // parts[0], None or an undefined tensor
    any,        // as if no line were about the argument
    absent,     // None; an undefined tensor if the type has no None
    undefined,  // an undefined tensor
    preset,     // the schema's default
    boolean,    // true or false
    literal,    // `value`
    integers,   // from `low` to `high`, both included; most often the two are equal
    reals,      // from real_low to real_high in 16 steps, both included
    tensor,
    sequence,     // [a, b, ...]: a list of the parts
    repeated,     // list(n; a): a list of as many parts[1] as parts[0] says
    sizes,        // the sizes of a shape, as a list of integers
    dim,          // a dimension of a shape, counted from either end
    dims,         // different dimensions of a shape
    permutation,  // all dimensions of a shape in some order
    dtype,        // one of `dtypes`; if that is 0, the call's own
    result        // a result of an earlier call
  };
  Kind kind = Kind::any;
  std::vector<Spec> parts = {};
  Value value = {};
  Expr low = {}, high = {};
  double real_low = 0, real_high = 0;
  std::optional<TensorSpec> tensor = {};
  std::vector<ShapeTerm> shape = {};  // of sizes, dim, dims, permutation; empty: of the call's first tensor
  DTypeSet dtypes = 0;
  std::string op = {};           // of result: the operator
  size_t op_at = 0;              // where in the text
  Assignments assignments = {};  // of result: the operator's arguments
  int32_t output = 0;            // of result: the number of the tensor among the results
};

// One item of a line.
struct Assignment {
  enum class Target : uint8_t { argument, size, shape, dtype };
  Target target = Target::argument;
  std::string argument = {};
  int32_t symbol = -1;
  Spec spec = {};
  size_t at = 0;  // where in the text
};

// The names of symbols; a symbol's number is its index.
struct SymbolNames {
  std::vector<std::string> sizes;
  std::vector<std::string> shapes;
};

}  // namespace corpora
