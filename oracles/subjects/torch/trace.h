// Trace: a boxed fallback on a testing key sees every dispatched call, nested ones too, while the key is
// included. It gives the list of calls, and how they met the keys of views.
#pragma once

#include <ATen/core/dispatch/Dispatcher.h>

#include <functional>
#include <vector>

#include "oracles/outcome.h"
#include "oracles/subjects/torch/operators.h"

namespace oracles::aten {

class Tracer {
 public:
  explicit Tracer(const Operators& operators);

  // Watches one top-level call. `entries`, when given, receives what is dispatched.
  class Watch {
   public:
    Watch(Tracer& tracer, c10::DispatchKeySet keys, std::vector<TraceEntry>* entries);
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    Reach reach() const { return reach_; }
    // Makes plain data of an argument, if the entries shall have their arguments.
    std::function<void(const c10::IValue&, Result&)> read_argument;

   private:
    friend class Tracer;
    void see(const c10::OperatorHandle& handle, c10::DispatchKeySet keys, const torch::jit::Stack& stack);

    Tracer& tracer_;
    c10::DispatchKeySet marks_;
    std::vector<TraceEntry>* entries_;
    int depth_ = 0;
    Reach reach_ = Reach::bypassed;
    c10::impl::IncludeDispatchKeyGuard include_;
  };

 private:
  static void fallback(const c10::OperatorHandle& handle, c10::DispatchKeySet keys, torch::jit::Stack* stack);
  const Operators& operators_;
};

// Those of `keys` that tensors on the stack have, also in lists of tensors and of optional tensors.
c10::DispatchKeySet carried(const torch::jit::Stack& stack, size_t arguments, c10::DispatchKeySet keys);

}  // namespace oracles::aten
