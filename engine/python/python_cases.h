// For tests of interpreters: a dispatcher with the fallbacks of Python, and an interpreter that records its
// calls.
#pragma once

#include "engine/dispatch/probe_kernels_cases.h"
#include "engine/python/entry_keys.h"
#include "engine/python/modes.h"
#include "engine/python/pass_through.h"
#include "engine/python/python_fallback.h"

namespace engine {

struct WithPython : WithFallthroughs {
  WithPython() {
    add(DispatchKey::Python, python_fallback());
    add(DispatchKey::PythonTLSSnapshot, entry_keys_fallback());
    add(DispatchKey::PreDispatch, pre_dispatch_fallback());
  }
  void add(DispatchKey key, const Kernel& kernel) {
    for (Registration& each : dispatcher.fallback(key, kernel, "test")) keep(std::move(each));
  }
};

// Records the call, then declines it or calls the operator again, as Wrapping does.
class Visiting : public Wrapping {
 public:
  explicit Visiting(std::string name) : name_(std::move(name)) {}

  std::string_view name() const override { return name_; }
  Answer dispatch(const Call& call, Stack& stack) override {
    visits().push_back(name_);
    return declines ? Answer::not_implemented : Wrapping::dispatch(call, stack);
  }
  bool precedes(const Interpreter& other) const override { return before == &other; }

  bool declines = false;
  const Interpreter* before = nullptr;

 private:
  std::string name_;
};

}  // namespace engine
