// C10Machine: dispatch programs on the real dispatcher, in a namespace of their own. What libtorch registered
// before stays: its fallbacks are told as ambient(), and the rules see to it that none of them runs on the
// hollow tensors of a program.
#pragma once

#include <ATen/core/dispatch/Dispatcher.h>
#include <c10/core/impl/LocalDispatchKeySet.h>

#include <map>

#include "oracles/dispatch/c10_rules.h"

namespace torch {
class Library;
}

namespace oracles::aten {

class C10Machine final : public DispatchMachine {
 public:
  C10Machine();
  ~C10Machine() override;

  std::string refuses(const corpora::Program& program) const override;
  std::vector<AmbientFallback> ambient() const override { return ambient_; }
  DispatchMachine& judge() override { return *judge_; }
  void begin() override;
  StepOutcome step(const corpora::Statement& statement) override;
  std::optional<ProgramTable> table(corpora::ProgramOp op) override;
  std::string end() override;

 private:
  using Statement = corpora::Statement;
  struct Guard;

  void register_one(const Statement& s);
  void call(const Statement& s);
  template <class Body>
  void with_errors(StepError otherwise, Body&& body);

  std::vector<AmbientFallback> ambient_;
  std::unique_ptr<C10Rules> rules_;
  std::unique_ptr<C10RulesMachine> judge_;
  struct Held;  // one registration
  std::vector<std::unique_ptr<Held>> registered_;
  std::vector<std::unique_ptr<Guard>> guards_;
  c10::impl::LocalDispatchKeySet before_ = c10::impl::tls_local_dispatch_key_set();
  StepOutcome* told_ = nullptr;
};

}  // namespace oracles::aten
