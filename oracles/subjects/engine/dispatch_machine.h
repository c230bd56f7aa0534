// EngineMachine: runs dispatch programs on a dispatcher of the engine, a new one for each program. Each
// kernel records its number when it begins.
#pragma once

#include "engine/dispatch/dispatcher.h"
#include "oracles/dispatch/live_machine.h"
#include "oracles/dispatch/rules_machine.h"
#include "oracles/dispatch/usual_fallbacks.h"

namespace oracles {

struct EngineGuard {
  explicit EngineGuard(const corpora::Statement& s);

  std::optional<engine::IncludeKeys> include;
  std::optional<engine::ExcludeKeys> exclude;
  std::optional<engine::ForceKeys> force;
};

class EngineMachine final : public LiveMachine<engine::Registrations, EngineGuard> {
 public:
  EngineMachine();
  ~EngineMachine() override;

  std::vector<AmbientFallback> ambient() const override { return ambient_; }
  DispatchMachine& judge() override { return judge_; }
  void begin() override;
  std::optional<ProgramTable> table(corpora::ProgramOp op) override;
  std::string end() override;

  engine::Dispatcher& dispatcher() { return *dispatcher_; }

  // For its kernels.
  struct Thrown {};  // by a kernel of the program
  void record_kernel(int number) { outcome().ran.push_back(number); }
  // Whether a kernel that was called with these keys may call another one.
  bool can_nest(engine::KeySet keys) const {
    return keys.highest_functionality() != engine::DispatchKey::Undefined && depth_ < corpora::calls_deep_max;
  }
  struct Nesting {
    explicit Nesting(EngineMachine& machine) : depth(machine.depth_) { ++depth; }
    ~Nesting() { --depth; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;
    int& depth;
  };

 private:
  using Statement = corpora::Statement;

  void register_one(const Statement& s, engine::Registrations& made) override;
  void call(const Statement& s) override;
  void record_thread_keys(StepOutcome& outcome) const override;
  template <class Body>
  void with_errors(Body&& body);

  std::vector<AmbientFallback> ambient_ = usual_fallbacks();
  RulesMachine judge_{sound_rules(), ambient_};
  std::optional<engine::Dispatcher> dispatcher_;
  engine::Registrations ambient_fallbacks_;
  int depth_ = 0;
  engine::ThreadKeys before_;
};

std::string engine_name(corpora::ProgramOp op);  // "program::tensor"

}  // namespace oracles
