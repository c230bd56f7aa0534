// Two interpreters that change nothing, and note what they saw: a mode that calls the operator again below
// itself, and a wrapper subclass that computes with what its tensors stand for. What they give must be what a
// call without them gives: that is how the seams around an interpreter are tested.
#pragma once

#include <vector>

#include "engine/python/wrapper.h"

namespace engine {

class PassThrough : public Interpreter {
 public:
  std::string_view name() const override { return "pass-through"; }
  Answer dispatch(const Call& call, Stack& stack) override;

  // The operators that it was asked for, in order.
  const std::vector<const OperatorEntry*>& seen() const { return seen_; }

 private:
  std::vector<const OperatorEntry*> seen_;
};

// Promises: views share storage as their inner tensors do; a call that returns an argument returns its
// wrapper; a wrapper's geometry follows its inner tensor's; a call with a wrapper gives wrappers, except for
// plain tensors among its arguments. Its wrappers must not outlive it.
class Wrapping : public PassThrough {
 public:
  std::string_view name() const override { return "wrapping"; }
  Answer dispatch(const Call& call, Stack& stack) override;

  Tensor wrap(const Tensor& inner);
  // How often the memory of a tensor was written: by the calls of wrappers, which count on their own storage,
  // and by those of plain tensors.
  uint32_t version(const Tensor& tensor) const;

 private:
  // A wrapper's storage, for the one that its inner tensor views.
  struct Mirror {
    Storage inner, outer;
  };
  const Mirror* mirror_of(const Storage& inner) const;
  const Storage& mirrored(const Storage& inner);
  void follow(const Tensor& wrapper);

  std::vector<Mirror> mirrors_;
};

}  // namespace engine
