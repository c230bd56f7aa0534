// Forward mode: a dual tensor has a tangent, the derivative of its elements along a direction, at a level.
// Calls with dual arguments return dual results. Promises: levels nest, and each computes derivatives of what
// the inner ones compute, so that a tangent may itself be dual or require grad; the tangent of a view is the
// view of its base's tangent; a result that does not depend on the direction has a ZeroTensor as its tangent,
// without memory; a tangent is never written. Refuses, by Error, operators without a derivative, before they
// run.
#pragma once

#include <cstdint>
#include <span>

#include "engine/core/value.h"

namespace engine {
class Dispatcher;
}

namespace engine::autograd {

// Open for its scope, on one thread. Its tangents have no meaning afterwards.
class DualLevel {
 public:
  DualLevel();
  ~DualLevel();
  DualLevel(const DualLevel&) = delete;
  DualLevel& operator=(const DualLevel&) = delete;

  uint64_t id() const { return id_; }
  static bool any_open();

 private:
  uint64_t id_;
};

// Hides a level and those inside it, from calls and from tangent_of(), for its scope.
class HideLevels {
 public:
  explicit HideLevels(uint64_t from);
  ~HideLevels();
  HideLevels(const HideLevels&) = delete;
  HideLevels& operator=(const HideLevels&) = delete;

 private:
  size_t before_;
};

// The same elements and history, with the tangent. Refuses another dtype or other sizes.
Tensor make_dual(const Tensor& primal, const Tensor& tangent, uint64_t level);
// Undefined if the tensor is not dual.
Tensor tangent_of(Dispatcher& dispatcher, const Tensor& tensor, uint64_t level);
// After a call computed or wrote the tensor.
void set_tangent(Dispatcher& dispatcher, const Tensor& tensor, const Tensor& tangent, uint64_t level);
// Gives an alias of the tensor its tangents, of all open levels.
void copy_tangents(Dispatcher& dispatcher, const Tensor& from, const Tensor& to);
// The innermost visible level at which one of the tensors is dual; 0 if there is none.
uint64_t innermost_level(std::span<const Value> arguments);

// How many ZeroTensor tangents this thread has replaced by memory.
uint64_t materialized_tangents();

}  // namespace engine::autograd
