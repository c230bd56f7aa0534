#include "fuzz/targets/driver/fallbacks.h"

#include <fmt/format.h>

#include <algorithm>

#include "corpora/case/program.h"
#include "engine/core/input_error.h"
#include "oracles/make_subject.h"

namespace fuzz {
namespace {

std::vector<std::string> libraries(const std::string& subject, const std::string& plant) {
  if (subject != "torch" || plant.empty()) return {};
  return {oracles::planted_library()};
}

std::unique_ptr<oracles::Subject> made(const std::string& name, const std::string& plant) {
  if (!plant.empty() && oracles::planted_named(plant).subject != name)
    throw engine::InputError("FAULTLINE_PLANT",
                             "'" + plant + "' is not a planted bug of the subject " + name);
  oracles::SubjectOptions options;
  options.load = libraries(name, plant);
  if (name == "engine") options.plant = plant;
  return oracles::make_subject(name, options);
}

Findings::OnNew on_new(const std::string& plant, const Fallbacks::Manner& manner) {
  if (settings().goes_on) return Findings::OnNew::goes_on;
  return plant.empty() ? manner.on_new : Findings::OnNew::aborts;
}

std::vector<size_t> operators_for(const corpora::Catalog& catalog, const std::string& plant) {
  if (!plant.empty()) return oracles::operators_of(oracles::planted_named(plant), catalog);
  std::vector<size_t> operators = corpora::select(catalog, {});
  if (const corpora::Operator* programs = catalog.find(corpora::program_operator)) {
    // One case in eleven is a dispatch program: no other operator reaches what they test.
    const auto index = static_cast<size_t>(programs - catalog.operators().data());
    operators.insert(operators.end(), operators.size() / 10, index);
  }
  return operators;
}

}  // namespace

Fallbacks::Fallbacks(const std::string& subject, const std::string& plant, Manner manner)
    : planted_(plant.empty() ? nullptr : &oracles::planted_named(plant)),
      subject_(made(subject, plant)),
      supply_{subject_->catalog(), subject_->domains(), operators_for(subject_->catalog(), plant), {}},
      bench_(*subject_, manner.where),
      findings_(*subject_, on_new(plant, manner), libraries(subject, plant)) {}

Fallbacks::~Fallbacks() {
  fmt::print(stderr, "{}: {} cases, {} checks, {} cells of operator x key x outcome, {} signatures\n",
             subject_->name(), cases_, checks_, bench_.cells(), findings_.signatures());
}

// A corpus may hold cases of any operator.
bool Fallbacks::is_tried(const corpora::Case& c) const {
  const corpora::Operator* op = subject_->catalog().find(c.calls.back().op);
  if (!planted_ || !op) return op;
  const auto index = static_cast<size_t>(op - subject_->catalog().operators().data());
  return std::ranges::find(supply_.operators, index) != supply_.operators.end();
}

void Fallbacks::judge(const corpora::Case& c) {
  died_ = false;
  if (!is_tried(c)) return;
  ++cases_;
  for (const Judged& judged : bench_.judge(c)) {
    const oracles::Judgement judgement = judged.verdict.judgement;
    checks_ += oracles::is_check(judgement);
    died_ = died_ || judgement == oracles::Judgement::crash || judgement == oracles::Judgement::timeout;
    if (!planted_ || judged.oracle->name == planted_->oracle)
      findings_.note(c, *judged.oracle, judged.verdict);
  }
}

}  // namespace fuzz
