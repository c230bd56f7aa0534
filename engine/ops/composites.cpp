// Composites: operators that only call other operators, the same on every device and at every key.
#include <fmt/core.h>

#include "engine/core/error.h"
#include "engine/core/symbolic_geometry.h"
#include "engine/ops/formulas.h"
#include "engine/ops/geometry_rules.h"
#include "engine/ops/memory_formats.h"
#include "engine/ops/shape_rules.h"

namespace engine::ops {

namespace {

using Body = Tensor (*)(const Formulas&, const CallArguments&);

template <Body body>
void composed(const Call& call, Stack& stack) {
  const size_t count = call.schema().arguments.size();
  const CallArguments args(call.schema(), stack.last(count));
  Tensor result = body(Formulas(call.dispatcher()), args);
  stack.drop(count);
  stack.push_back(std::move(result));
}

template <Body body>
OperatorDeclaration composite(const std::string& schema, const std::string& domain,
                              Accuracy exactness = accuracy::exact) {
  return {.kind = OperatorKind::composite,
          .functional = schema,
          .kernel = composed<body>,
          .domain = domain,
          .accuracy = exactness};
}

Tensor conj(const Formulas& ops, const CallArguments& args) { return ops.conj(args.tensor(0)); }

Tensor contiguous(const Formulas& ops, const CallArguments& args) {
  const Tensor& self = args.tensor(0);
  const MemoryFormat format = *args.memory_format(1);
  return is_contiguous_as(format, self) ? self : ops("aten::clone", {self, format});
}

template <DispatchKey bit>
Tensor resolve(const Formulas& ops, const CallArguments& args) {
  const Tensor& self = args.tensor(0);
  return self.keys().has(bit) ? ops("aten::clone", {self}) : self;
}

// Copies only if something changes.
Tensor to_dtype(const Formulas& ops, const CallArguments& args) {
  const Tensor& self = args.tensor(0);
  const bool copies = args.boolean(3) || args[1].dtype() != self.dtype();
  const MemoryFormat format = args.memory_format(4).value_or(MemoryFormat::preserve);
  if (!copies && (format == MemoryFormat::preserve || suggested_format(self) == format)) return self;
  return ops("aten::_to_copy", {self, args[1], Value(), Value(), Value(), false, args[4]});
}

// A view if strides allow it, otherwise a copy.
Tensor reshape_to(const Formulas& ops, const Tensor& self, const Value& sizes, bool can_view) {
  if (can_view) return ops("aten::view", {self, sizes});
  return ops("aten::view", {ops("aten::clone", {self, MemoryFormat::contiguous}), sizes});
}
Tensor reshape_to(const Formulas& ops, const Tensor& self, const SymDims& wanted) {
  const SymDims sizes = inferred_sizes<SymInt>(span_of(wanted), sym_count(self));
  const auto strides =
      viewed_strides_of<SymInt>(span_of(sym_sizes(self)), span_of(sym_strides(self)), span_of(sizes));
  return reshape_to(ops, self, Value(sizes), strides.has_value());
}
Tensor reshape(const Formulas& ops, const CallArguments& args) {
  const Tensor& self = args.tensor(0);
  if (symbolic_geometry(self) || args[1].has_symbols()) return reshape_to(ops, self, args[1].sym_ints());
  const Dims sizes = inferred_sizes<int64_t>(args.integers(1), self.element_count());
  return reshape_to(ops, self, sizes, viewed_strides(self.sizes(), self.strides(), sizes).has_value());
}

// The real (0) or imaginary (1) part of a complex tensor, without its lazy conjugation.
Tensor part(const Formulas& ops, const Tensor& self, int64_t index) {
  const Tensor plain = self.is_conj() ? ops.conj(self) : self;
  return ops("aten::select.int", {ops("aten::view_as_real", {plain}), -1, index});
}
Tensor real_part(const Formulas& ops, const CallArguments& args) {
  const Tensor& self = args.tensor(0);
  return is_complex(self.dtype()) ? part(ops, self, 0) : self;
}
Tensor imaginary_part(const Formulas& ops, const CallArguments& args) {
  const Tensor& self = args.tensor(0);
  if (!is_complex(self.dtype())) throw Error("imag is not implemented for tensors with non-complex dtypes.");
  const Tensor imaginary = part(ops, self, 1);
  return self.is_conj() ? ops("aten::_neg_view", {imaginary}) : imaginary;
}

// Concatenates along `dim` and splits that dimension, so that the memory format is cat's. After the last
// dimension there is none to split.
Tensor stack(const Formulas& ops, const CallArguments& args) {
  const std::span<const Tensor> tensors = args.tensors(0);
  if (tensors.empty()) throw Error("stack expects a non-empty TensorList");
  const auto dim = static_cast<int64_t>(wrapped_dim(args.integer(1), tensors[0].rank() + 1));
  for (size_t i = 0; i < tensors.size(); ++i)
    if (tensors[i].sizes() != tensors[0].sizes())
      throw Error(
          fmt::format("stack expects each tensor to be equal size, but got {} at entry 0 and {} at entry {}",
                      sizes_text<int64_t>(tensors[0].sizes()), sizes_text<int64_t>(tensors[i].sizes()), i));
  if (dim < static_cast<int64_t>(tensors[0].rank())) {
    SymDims sizes = sym_sizes(tensors[0]);
    sizes.insert(sizes.begin() + dim, SymInt(static_cast<int64_t>(tensors.size())));
    return ops("aten::view", {ops("aten::cat", {args[0], dim}), sizes});
  }
  std::vector<Tensor> rows;
  for (const Tensor& tensor : tensors) rows.push_back(ops("aten::unsqueeze", {tensor, dim}));
  return ops("aten::cat", {rows, dim});
}

// Of bools as integers, as pow with exponent 2.
Tensor square(const Formulas& ops, const CallArguments& args) {
  const Tensor& self = args.tensor(0);
  const Tensor number = self.dtype() == DType::b8 ? ops.to_dtype(self, DType::i64) : self;
  return ops.mul(number, number);
}

Tensor rsub(const Formulas& ops, const CallArguments& args) {
  return ops("aten::sub.Tensor", {args.tensor(1), args.tensor(0), args[2]});
}

// By the ranks of the operands: dot, mv, mm, or bmm with broadcast batch dimensions.
Tensor matmul(const Formulas& ops, const CallArguments& args) {
  Tensor a = args.tensor(0), b = args.tensor(1);
  if (a.rank() == 0 || b.rank() == 0)
    throw Error(fmt::format("both arguments to matmul need to be at least 1D, but they are {}D and {}D",
                            a.rank(), b.rank()));
  if (a.rank() == 1 && b.rank() == 1) return ops("aten::dot", {a, b});
  if (a.rank() == 2 && b.rank() == 1) return ops("aten::mv", {a, b});
  const bool row = a.rank() == 1, column = b.rank() == 1;
  if (row) a = ops("aten::unsqueeze", {a, 0});
  if (column) b = ops("aten::unsqueeze", {b, 1});
  Tensor product;
  if (a.rank() == 2 && b.rank() == 2) {
    product = ops("aten::mm", {a, b});
  } else {
    const SymDims rows_and_more = sym_sizes(a), columns_and_more = sym_sizes(b);
    const SymDims batch = broadcast_sizes<SymInt>(span_of(rows_and_more).first(a.rank() - 2),
                                                  span_of(columns_and_more).first(b.rank() - 2));
    SymInt count = 1;
    for (const SymInt& size : batch) count *= size;
    const auto batched_sizes = [&](const SymInt& rows, const SymInt& columns) {
      SymDims sizes = batch;
      sizes.push_back(rows);
      sizes.push_back(columns);
      return sizes;
    };
    const auto batched = [&](const Tensor& matrix) {
      const SymDims sizes = sym_sizes(matrix);
      const SymInt &rows = sizes[sizes.size() - 2], &columns = sizes.back();
      return ops("aten::reshape", {ops("aten::expand", {matrix, batched_sizes(rows, columns)}),
                                   SymDims{count, rows, columns}});
    };
    product = ops("aten::reshape", {ops("aten::bmm", {batched(a), batched(b)}),
                                    batched_sizes(rows_and_more[a.rank() - 2], columns_and_more.back())});
  }
  if (row) product = ops("aten::squeeze.dim", {product, -2});
  if (column) product = ops("aten::squeeze.dim", {product, -1});
  return product;
}

const Family composites_family{{
    composite<conj>("aten::conj(Tensor(a) self) -> Tensor(a)", "self = tensor(S...) ; let dtype = any"),
    composite<contiguous>(
        "aten::contiguous(Tensor(a) self, *, MemoryFormat memory_format=contiguous_format) -> Tensor(a)",
        "self = tensor(S...) ; let dtype = any ; memory_format = \"contiguous\""),
    composite<resolve<DispatchKey::Conjugate>>("aten::resolve_conj(Tensor(a) self) -> Tensor(a)",
                                               "self = tensor(S...) ; let dtype = any"),
    composite<resolve<DispatchKey::Negative>>("aten::resolve_neg(Tensor(a) self) -> Tensor(a)",
                                              "self = tensor(S...) ; let dtype = any"),
    composite<to_dtype>("aten::to.dtype(Tensor(a) self, ScalarType dtype, bool non_blocking=False, bool "
                        "copy=False, MemoryFormat? memory_format=None) -> Tensor(a)",
                        "self = tensor(S...) ; let dtype = any ; dtype = dtype(any) | dtype"),
    composite<reshape>(
        "aten::reshape(Tensor(a) self, SymInt[] shape) -> Tensor(a)",
        "self = tensor(N, M, K) ; let dtype = any ; shape = [N, M, K] | [N * M, K] | [-1] | [-1, K]"),
    composite<real_part>("aten::real(Tensor(a) self) -> Tensor(a)",
                         "self = tensor(S...) ; let dtype = complex + f32"),
    composite<imaginary_part>("aten::imag(Tensor(a) self) -> Tensor(a)",
                              "self = tensor(S...) ; let dtype = complex"),
    composite<stack>("aten::stack(Tensor[] tensors, int dim=0) -> Tensor",
                     "tensors = list(1..3; tensor(S...)) ; dim = dim"),
    composite<square>("aten::square(Tensor self) -> Tensor", "self = tensor(S...) ; let dtype = any",
                      accuracy::rounded_parts(3.2)),
    composite<rsub>(
        "aten::rsub.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor",
        "self = tensor(S...) ; other = tensor(broadcast(S...)) | tensor(broadcast(S...)) int + float "
        "; let dtype = int + float + complex",
        accuracy::products()),
    composite<matmul>("aten::matmul(Tensor self, Tensor other) -> Tensor",
                      "let dtype = int + float + complex "
                      "; self = tensor(N, K) | tensor(K) | tensor(B, N, K) | tensor(A, 1, N, K) "
                      "; other = tensor(K, M) | tensor(K) | tensor(B, K, M) | tensor(A, B, K, M)",
                      accuracy::products()),
}};

}  // namespace

}  // namespace engine::ops
