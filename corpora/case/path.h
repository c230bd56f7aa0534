// Path: how a run dresses its inputs and sets the thread's keys; an ordered list of layers, as data.
// Text: "zero(0)+conj(1)+typed"; the empty path is "direct". A layer may name one storage of the case, or, as
// form(n) does, carry a number of its own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace corpora {

enum class LayerKind : uint8_t {
  zeros,       // zeros(s): every view of storage s sees real zeros
  zero,        // zero(s): every view of storage s is a ZeroTensor of the same geometry
  conj,        // conj(s): storage s holds the conjugate, its views carry the Conjugate bit
  neg,         // neg(s): storage s holds the negation, its views carry the Negative bit
  meta,        // all tensors, and device arguments, on the meta device
  contiguous,  // every input is a fresh contiguous copy of its logical values
  typed,       // the unboxed, typed call in place of the boxed one
  pattern,     // fresh blocks are filled with another byte pattern
  form,        // form(n): the last call in its n-th other form (in-place, out=): another program, no dressing
  host_cuda,   // host_cuda(n): all tensors where the host runs CUDA kernels, threads in their n-th order
  python,      // every call under a mode that passes it through an interpreter
  wrapped,    // wrapped(s): views of storage s are wrapper tensors, whose interpreter computes with the views
  peer,       // the whole program on another library that has the same operators
  grad,       // every storage of reals or complex numbers requires grad, and results are run backwards
  constant,   // constant(s), beside grad: storage s requires none
  leaf,       // leaf(s), beside grad: views of storage s are views of a leaf, which no call may write
  unrecorded  // unrecorded(s), beside grad: constant, and its views were made while nothing was recorded
};

struct Layer {
  LayerKind kind;
  int32_t storage = -1;  // of the layers that name one; otherwise the number n, which is no storage

  bool operator==(const Layer&) const = default;
};

using Path = std::vector<Layer>;

bool names_a_storage(LayerKind kind);  // zeros, zero, conj, neg, wrapped, constant, leaf, unrecorded
bool has_number(LayerKind kind);       // those, form and host_cuda
std::string_view name_of(LayerKind kind);
std::string to_string(const Path& path);
// Throws engine::InputError("path:1:COLUMN", ...) on anything but a path.
Path parse_path(std::string_view text);

}  // namespace corpora
