#include "oracles/subjects/torch/trace.h"

#include <torch/library.h>

namespace oracles::aten {

using c10::DispatchKey;
using c10::DispatchKeySet;

namespace {

thread_local Tracer::Watch* watching = nullptr;

}  // namespace

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
  // Registered once for the process: no call reaches it unless a thread includes the key.
  static auto* const library = [] {
    auto* made = new torch::Library(torch::Library::IMPL, "_", DispatchKey::TESTING_ONLY_GenericMode,
                                    __FILE__, __LINE__);
    made->fallback(torch::CppFunction::makeFromBoxedFunction<&Tracer::fallback>());
    return made;
  }();
  (void)library;
}

Tracer::Watch::Watch(Tracer& tracer, DispatchKeySet keys, std::vector<TraceEntry>* entries)
    : tracer_(tracer), marks_(keys), entries_(entries), include_(DispatchKey::TESTING_ONLY_GenericMode) {
  watching = this;
}

Tracer::Watch::~Watch() { watching = nullptr; }

void Tracer::Watch::see(const c10::OperatorHandle& handle, DispatchKeySet keys,
                        const torch::jit::Stack& stack) {
  const BoundOperator* op = tracer_.operators_.find(handle);
  if (entries_ && op) {
    TraceEntry& entry = entries_->emplace_back(op->declared->name, keys.raw_repr(), depth_);
    if (read_argument)
      for (size_t i = stack.size() - op->argument_count(); i < stack.size(); ++i)
        read_argument(stack[i], entry.arguments.emplace_back());
  }
  if (marks_.empty() || !op || op->composite) return;
  // The outermost call that meets the key decides; calls that its kernel makes do not count.
  if (reach_ == Reach::fallback || reach_ == Reach::own) return;
  const DispatchKeySet met = keys & marks_;
  if (!met.empty()) {
    const bool all_own = (met - op->own).empty();
    reach_ = all_own ? Reach::own : Reach::fallback;
  } else if (!carried(stack, op->argument_count(), marks_).empty()) {
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
