// Two interpreters that change nothing and record the calls that they see: a mode that calls the operator
// again below itself, and a wrapper subclass that calls it with its inner tensors. Their results must be
// those of a call without them: that tests the dispatcher around an interpreter.
#pragma once

#include <vector>

#include "engine/python/wrapper.h"

namespace engine {

class PassThrough : public Interpreter {
 public:
  std::string_view name() const override { return "pass-through"; }
  Answer dispatch(const Call& call, Stack& stack) override;

  // The operators of its calls, in order.
  const std::vector<const OperatorEntry*>& seen() const { return seen_; }

 private:
  std::vector<const OperatorEntry*> seen_;
};

// Promises: wrappers share storage as their inner tensors do; a call that returns an argument returns its
// wrapper; a wrapper's geometry follows its inner tensor's; a call with a wrapper returns wrappers, except
// for plain tensors among its arguments. Its wrappers must not outlive it.
class Wrapping : public PassThrough {
 public:
  std::string_view name() const override { return "wrapping"; }
  Answer dispatch(const Call& call, Stack& stack) override;

  Tensor wrap(const Tensor& inner);
  // The number of writes to a tensor's memory, by calls with wrappers, which count on the wrapper's storage,
  // and by calls with plain tensors.
  uint32_t version(const Tensor& tensor) const;

 private:
  // The storage of wrappers for a storage of inner tensors.
  struct Mirror {
    Storage inner, outer;
  };
  const Mirror* mirror_of(const Storage& inner) const;
  const Storage& mirrored(const Storage& inner);
  void follow(const Tensor& wrapper);

  std::vector<Mirror> mirrors_;
};

}  // namespace engine
