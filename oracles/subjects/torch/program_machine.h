// C10Machine: runs dispatch programs on libtorch's dispatcher, in a namespace of their own. libtorch's own
// fallbacks stay registered: ambient() returns them, and the rules skip calls that would run one of them on a
// program's tensors, which have no storage.
#pragma once

#include <ATen/core/dispatch/Dispatcher.h>
#include <c10/core/impl/LocalDispatchKeySet.h>

#include "oracles/dispatch/c10_rules.h"
#include "oracles/dispatch/live_machine.h"

namespace torch {
class Library;
}

namespace oracles::aten {

struct C10Registered {
  C10Registered();
  ~C10Registered();

  std::string file;  // `library` keeps a pointer to it
  std::optional<c10::RegistrationHandleRAII> handle;
  std::unique_ptr<torch::Library> library;
};

struct C10Guard {
  explicit C10Guard(const corpora::Statement& s);

  std::optional<c10::impl::IncludeDispatchKeyGuard> include;
  std::optional<c10::impl::ExcludeDispatchKeyGuard> exclude;
  std::optional<c10::impl::ForceDispatchKeyGuard> force;
};

class C10Machine final : public LiveMachine<C10Registered, C10Guard> {
 public:
  C10Machine();
  ~C10Machine() override;

  std::string refuses(const corpora::Program& program) const override;
  std::vector<AmbientFallback> ambient() const override { return ambient_; }
  DispatchMachine& judge() override { return *judge_; }
  void begin() override;
  std::optional<ProgramTable> table(corpora::ProgramOp op) override;
  std::string end() override;

 private:
  using Statement = corpora::Statement;

  void register_one(const Statement& s, C10Registered& made) override;
  void call(const Statement& s) override;
  void record_thread_keys(StepOutcome& outcome) const override;
  template <class Body>
  void with_errors(StepError usual, Body&& body);

  std::vector<AmbientFallback> ambient_;
  std::unique_ptr<C10Rules> rules_;
  std::unique_ptr<C10RulesMachine> judge_;
  c10::impl::LocalDispatchKeySet before_ = c10::impl::tls_local_dispatch_key_set();
};

}  // namespace oracles::aten
