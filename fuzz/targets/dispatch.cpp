// Dispatch programs on the engine and on the rules of dispatching: the first step that differs ends the run.
#include "engine/core/input_error.h"
#include "fuzz/targets/driver/case_target.h"
#include "fuzz/targets/driver/findings.h"
#include "oracles/dispatch/conformance.h"
#include "oracles/dispatch/dispatch_operator.h"
#include "oracles/planted/dispatch/dispatch_faults.h"
#include "oracles/subjects/engine/dispatch_machine.h"

namespace {

class Dispatch final : public fuzz::CaseTarget {
  const corpora::Supply& supply() const override { return supply_; }
  void judge(const corpora::Case& c) override {
    const oracles::Conformance conformance = oracles::conform(c.program, machine_->judge(), *machine_);
    if (!conformance.divergence) return;
    fuzz::keep_case(c, "dispatch", "engine/dispatch/dispatch::program");
    fuzz::abort_with(to_text(conformance));
  }

  static std::unique_ptr<oracles::DispatchMachine> made(const std::string& plant) {
    if (plant.empty()) return std::make_unique<oracles::EngineMachine>();
    if (auto broken = oracles::faulty_dispatcher(plant)) return broken;
    throw engine::InputError("FAULTLINE_PLANT", "no fault of the dispatcher is named '" + plant + "'");
  }

  std::unique_ptr<oracles::DispatchMachine> machine_ = made(fuzz::settings().plant);
  corpora::Catalog catalog_{{oracles::program_operator()}};
  corpora::Supply supply_{catalog_, corpora::Domains::torch(), {0}, {}};
};

}  // namespace

fuzz::Target& fuzz::target() {
  static Dispatch dispatch;
  return dispatch;
}
