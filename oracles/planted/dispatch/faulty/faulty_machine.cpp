// The engine's machine for dispatch programs over the copy of the dispatcher that contains the faults.
#include "oracles/subjects/engine/dispatch_machine.h"

namespace {

// Activates its fault before each step, so that machines with different faults can alternate.
class FaultyMachine final : public oracles::DispatchMachine {
 public:
  explicit FaultyMachine(int fault) : fault_(fault) {}

  std::vector<oracles::AmbientFallback> ambient() const override { return machine_.ambient(); }
  DispatchMachine& judge() override { return machine_.judge(); }
  void begin() override { faulty().begin(); }
  oracles::StepOutcome step(const corpora::Statement& statement) override { return faulty().step(statement); }
  std::optional<oracles::ProgramTable> table(corpora::ProgramOp op) override { return faulty().table(op); }
  std::string end() override { return faulty().end(); }

 private:
  oracles::EngineMachine& faulty() {
    faults::active = fault_;
    return machine_;
  }

  int fault_;
  oracles::EngineMachine machine_;
};

}  // namespace

extern "C" [[gnu::visibility("default")]] oracles::DispatchMachine* faultline_faulty_machine(int fault) {
  return new FaultyMachine(fault);
}
