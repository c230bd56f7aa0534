#include "oracles/subjects/torch/trace.h"

#include <torch/library.h>

namespace oracles::aten {

using c10::DispatchKey;
using c10::DispatchKeySet;

namespace {

thread_local Tracer::Watch* watching = nullptr;

int rank(Reach reach) {
  switch (reach) {
    case Reach::fallback:
      return 4;
    case Reach::own:
      return 3;
    case Reach::fallthrough:
      return 2;
    case Reach::bypassed:
      return 1;
    case Reach::none:
      return 0;
  }
  return 0;
}

uint8_t dress_keys_of(DispatchKeySet keys) {
  uint8_t dressed = 0;
  if (keys.has(DispatchKey::ZeroTensor)) dressed |= dress_zero;
  if (keys.has(DispatchKey::Negative)) dressed |= dress_neg;
  if (keys.has(DispatchKey::Conjugate)) dressed |= dress_conj;
  return dressed;
}

}  // namespace

Reach better(Reach a, Reach b) { return rank(a) >= rank(b) ? a : b; }

DispatchKeySet key_set_of(uint8_t dress_keys) {
  DispatchKeySet keys;
  if (dress_keys & dress_zero) keys = keys.add(DispatchKey::ZeroTensor);
  if (dress_keys & dress_neg) keys = keys.add(DispatchKey::Negative);
  if (dress_keys & dress_conj) keys = keys.add(DispatchKey::Conjugate);
  return keys;
}

DispatchKeySet carried(const torch::jit::Stack& stack, size_t arguments, DispatchKeySet keys) {
  DispatchKeySet found;
  const size_t count = std::min(arguments, stack.size());
  for (size_t i = stack.size() - count; i < stack.size(); ++i) {
    if (stack[i].isTensor()) {
      found = found | (stack[i].unsafeToTensorImpl()->key_set() & keys);
    } else if (stack[i].isList()) {
      for (const c10::IValue& element : stack[i].toListRef())
        if (element.isTensor()) found = found | (element.unsafeToTensorImpl()->key_set() & keys);
    }
  }
  return found;
}

Tracer::Tracer(const Operators& operators) : operators_(operators) {
  // Registered once for the process: without the key in a thread's set it is never met.
  static auto* const library = [] {
    auto* made = new torch::Library(torch::Library::IMPL, "_", DispatchKey::TESTING_ONLY_GenericMode,
                                    __FILE__, __LINE__);
    made->fallback(torch::CppFunction::makeFromBoxedFunction<&Tracer::fallback>());
    return made;
  }();
  (void)library;
}

Tracer::Watch::Watch(Tracer& tracer, uint8_t keys, std::vector<TraceEntry>* entries)
    : tracer_(tracer),
      dress_(key_set_of(keys)),
      entries_(entries),
      include_(DispatchKey::TESTING_ONLY_GenericMode) {
  watching = this;
}

Tracer::Watch::~Watch() { watching = nullptr; }

void Tracer::Watch::see(const c10::OperatorHandle& handle, DispatchKeySet keys,
                        const torch::jit::Stack& stack) {
  const BoundOperator* op = tracer_.operators_.find(handle);
  if (entries_ && op) entries_->push_back({op->declared->name, keys.raw_repr(), depth_});
  if (dress_.empty() || !op || op->composite) return;
  // The outermost call that meets the key decides: what that kernel calls in turn is its own affair.
  if (reach_ == Reach::fallback || reach_ == Reach::own) return;
  const DispatchKeySet met = keys & dress_;
  if (!met.empty()) {
    const bool all_own = (dress_keys_of(met) & ~op->own) == 0;
    reach_ = all_own ? Reach::own : Reach::fallback;
  } else if (!carried(stack, op->arguments.size(), dress_).empty()) {
    reach_ = Reach::fallthrough;
  }
}

void Tracer::fallback(const c10::OperatorHandle& handle, DispatchKeySet keys, torch::jit::Stack* stack) {
  const DispatchKeySet below =
      keys & DispatchKeySet(DispatchKeySet::FULL_AFTER, DispatchKey::TESTING_ONLY_GenericMode);
  Watch* watch = watching;
  if (!watch) return handle.redispatchBoxed(below, stack);
  watch->see(handle, below, *stack);
  struct Depth {
    int& depth;
    explicit Depth(int& d) : depth(d) { ++depth; }
    ~Depth() { --depth; }
  } deeper(watch->depth_);
  handle.redispatchBoxed(below, stack);
}

}  // namespace oracles::aten
