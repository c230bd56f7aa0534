// Dispatch programs on the engine and on the rules: any step that tells something else ends the run.
#include <cstdio>
#include <cstdlib>

#include "fuzz/targets/driver/case_target.h"
#include "fuzz/targets/driver/findings.h"
#include "oracles/broken/dispatch/broken_machine.h"
#include "oracles/dispatch/conformance.h"
#include "oracles/dispatch/program_operator.h"
#include "oracles/subjects/engine/dispatch_machine.h"

namespace {

class Dispatch final : public fuzz::CaseTarget {
  const corpora::Supply& supply() const override { return supply_; }

  void judge(const corpora::Case& c) override {
    if (c.program.empty()) return;
    const oracles::Conformed conformed = oracles::conform(c.program, machine_->judge(), *machine_);
    if (!conformed.parting) return;
    std::fprintf(stderr, "step %zu, %s\nrules:  %s\nengine: %s\n", conformed.parting->step,
                 conformed.parting->where.c_str(), conformed.parting->left.c_str(),
                 conformed.parting->right.c_str());
    fuzz::keep_case(c, "dispatch", "engine/dispatch/dispatch::program");
    std::abort();
  }

  const std::string& plant_ = fuzz::surroundings().plant;
  std::unique_ptr<oracles::DispatchMachine> machine_ =
      plant_.empty() ? std::make_unique<oracles::EngineMachine>() : oracles::broken_dispatch(plant_);
  corpora::Catalog catalog_{{oracles::program_operator()}};
  corpora::Supply supply_{catalog_, corpora::Domains::torch(), {0}, {}};
};

}  // namespace

fuzz::Target& fuzz::target() {
  static Dispatch dispatch;
  return dispatch;
}
