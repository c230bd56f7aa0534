#include "engine/python/python_fallback.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/core/lazy_keys.h"
#include "engine/python/entry_keys.h"
#include "engine/python/modes.h"
#include "engine/python/wrapper.h"

namespace engine {

namespace {

constexpr KeySet above_python =
    (KeySet::full() - KeySet::full_after(DispatchKey::Python) - lazy_keys).remove(DispatchKey::Python) &
    KeySet::functionalities();

[[noreturn]] void refuse(const Call& call, const char* what) {
  throw Error(fmt::format("{} reached Python {}", call.entry.name(), what), ErrorKind::internal);
}

// One call, for one interpreter after the other.
class Offer {
 public:
  Offer(const Call& call, Stack& stack) : call_(call), stack_(stack) {}

  // Whether the interpreter answers; `modes` are in force meanwhile.
  bool is_answered_by(Interpreter& interpreter, const Modes& modes) {
    called_.push_back(&interpreter);
    Stack arguments;
    for (const Value& argument : own_arguments()) arguments.push_back(argument);
    {
      const ModesInstead others(modes);
      if (interpreter.dispatch(call_, arguments) == Answer::not_implemented) return false;
    }
    const size_t wanted = call_.schema().returns.size();
    if (arguments.size() != wanted)
      throw Error(fmt::format("{} gave {} results of {}, which has {}", interpreter.name(), arguments.size(),
                              call_.entry.name(), wanted),
                  ErrorKind::internal);
    stack_.drop(call_.schema().arguments.size());
    for (Value& result : arguments) stack_.push_back(std::move(result));
    return true;
  }

  // The interpreters of wrappers, in the order of their calls, each once.
  std::vector<Interpreter*> of_arguments() const {
    std::vector<Interpreter*> found;
    for (const Value& argument : own_arguments())
      for_each_tensor(argument, [&](const Tensor& tensor) {
        Interpreter* const own = interpreter_of(tensor);
        if (!own || std::find(found.begin(), found.end(), own) != found.end()) return;
        found.insert(std::find_if(found.begin(), found.end(),
                                  [&](const Interpreter* other) { return own->precedes(*other); }),
                     own);
      });
    return found;
  }

  [[noreturn]] void refuse_unanswered() const {
    if (called_.empty()) refuse(call_, "and there is no interpreter: no mode, and no argument with one");
    std::string names;
    for (const Interpreter* each : called_)
      names += fmt::format("{}{}", names.empty() ? "" : ", ", each->name());
    throw Error(fmt::format("multiple dispatch failed for {}: not implemented by any of: {}",
                            call_.entry.name(), names),
                ErrorKind::type);
  }

 private:
  std::span<Value> own_arguments() const { return stack_.last(call_.schema().arguments.size()); }

  const Call& call_;
  Stack& stack_;
  std::vector<const Interpreter*> called_;
};

void call_interpreters(const Call& call, Stack& stack) {
  if (!entry_keys) refuse(call, "and did not pass PythonTLSSnapshot");
  const ExcludeKeys above(above_python);
  Offer offer(call, stack);
  const Modes all = thread_modes;
  Modes left = all;
  while (const ModeGuard* const top = left.users) {
    left.users = top->below();
    if (offer.is_answered_by(top->mode(), left)) return;
  }
  for (Interpreter* const each : offer.of_arguments())
    if (offer.is_answered_by(*each, all)) return;
  for (Interpreter*& place : left.in_place) {
    Interpreter* const mode = std::exchange(place, nullptr);
    if (mode && offer.is_answered_by(*mode, left)) return;
  }
  offer.refuse_unanswered();
}

void pass_on(const Call& call, Stack& stack) {
  call.op().redispatch_boxed(call.keys & KeySet::full_after(DispatchKey::PreDispatch), stack);
}

}  // namespace

Kernel python_fallback() { return Kernel::from_boxed(&call_interpreters); }

Kernel pre_dispatch_fallback() { return Kernel::from_boxed(&pass_on); }

}  // namespace engine
