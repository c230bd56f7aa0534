#include "fuzz/campaign/worker.h"

#include <algorithm>

#include "corpora/case/far_sizes.h"
#include "corpora/case/joined.h"
#include "corpora/case/samples.h"
#include "engine/core/shape.h"
#include "oracles/trial/attribution.h"

namespace fuzz {
namespace {

using oracles::Judgement;

constexpr auto kRelaxed = std::memory_order_relaxed;
// CPU time of all checks of a case with a far size: its calls take microseconds, or visit all elements.
constexpr double kFarSeconds = 2;

const oracles::TensorSnapshot* result_at(const std::vector<oracles::Result>& results, int32_t& left) {
  for (const oracles::Result& result : results) {
    if (result.kind == oracles::Result::Kind::list) {
      if (const auto* found = result_at(result.list, left)) return found;
    } else if (result.kind == oracles::Result::Kind::tensor && left-- == 0) {
      return &result.tensor;
    }
  }
  return nullptr;
}

// Whether an argument of the last call is a tensor of two or more elements.
bool substantial(const corpora::Case& c, const oracles::Outcome& direct) {
  bool found = false;
  const auto look = [&](const corpora::TensorRef& ref) {
    if (ref.is_input()) {
      found = found || engine::element_count(c.inputs[static_cast<size_t>(ref.index)].sizes) >= 2;
      return;
    }
    int32_t left = ref.index;
    const auto* tensor = result_at(direct.calls[static_cast<size_t>(ref.call)].results, left);
    found = found || (tensor && engine::element_count(tensor->sizes) >= 2);
  };
  for (const corpora::Value& value : c.calls.back().arguments) corpora::for_each_tensor(value, look);
  return found;
}

DirectEnd end_of(const oracles::Trial& trial, const oracles::Outcome& direct) {
  if (direct.calls.size() < trial.operators().size())
    return DirectEnd::not_run;  // an earlier call ended the program
  switch (direct.last().status) {
    case oracles::Status::raised:
      return DirectEnd::raised;
    case oracles::Status::not_implemented:
      return DirectEnd::gap;
    case oracles::Status::over_memory:
      return DirectEnd::over_memory;
    case oracles::Status::returned:
      break;
  }
  const auto& arguments = trial.last_operator().schema.arguments;
  const bool takes_tensors =
      std::ranges::any_of(arguments, [](const engine::Argument& a) { return engine::holds_tensor(a.type); });
  return !takes_tensors || substantial(trial.test_case(), direct) ? DirectEnd::executed : DirectEnd::returned;
}

// Whether real or complex numbers went in and came out, so that there could be a gradient.
bool computes_reals(const corpora::Case& c, const oracles::CallOutcome& call) {
  const auto is_real = [](engine::DType dtype) { return !engine::is_integral(dtype); };
  const auto real_storage = [&](const corpora::Storage& storage) { return is_real(storage.dtype); };
  const auto real_result = [&](const oracles::Result& result) {
    return result.kind == oracles::Result::Kind::tensor && result.tensor.defined &&
           is_real(result.tensor.dtype);
  };
  return std::ranges::any_of(c.storages, real_storage) &&
         std::ranges::any_of(call.results, [&](const oracles::Result& result) {
           return real_result(result) || std::ranges::any_of(result.list, real_result);
         });
}

// One case and every oracle that judges it.
class CaseWork {
 public:
  CaseWork(Run& run, ChunkMemory& memory, uint64_t index, uint32_t turn, const Judged& judged)
      : run_(run), memory_(memory), journal_(memory.journal()), judged_(judged), index_(index), turn_(turn) {
    enter(0, Phase::drawing);
  }

  // False if `judged` returns false.
  bool work(uint32_t from_oracle) {
    const auto& oracles = run_.options.oracles;
    const bool is_program = is_program_at(run_, index_);
    if (!oracle_of_direct_run(run_, index_, is_program)) return true;
    const corpora::Case c = case_at(run_, index_);
    if (!run_.subject.refuses(c, {}).empty()) return refuse_all(c);
    journal_.path.set({});
    journal_.at_oracle.store(from_oracle, kRelaxed);
    journal_.phase.store(Phase::direct, kRelaxed);
    is_far_ = corpora::has_far_size(c);
    oracles::arm_timeout(is_far_ ? std::min(kFarSeconds, run_.options.timeout_seconds)
                                 : run_.options.timeout_seconds);
    oracles::forget_output();
    oracles::Trial trial(run_.subject, c);
    trial.before_run = [this](const corpora::Path& path) { journal_.path.set(path); };
    record_direct(trial);
    for (uint32_t o = from_oracle; o < oracles.size(); ++o)
      if (run_.judges(o, index_, is_program) && !check(trial, o)) return false;
    return true;
  }

 private:
  void enter(uint32_t oracle, Phase phase) {
    journal_.phase.store(phase, kRelaxed);
    journal_.at_turn.store(turn_, kRelaxed);
    journal_.at_oracle.store(oracle, kRelaxed);
  }

  void record_direct(oracles::Trial& trial) {
    const oracles::Outcome& direct = trial.direct();
    const oracles::CallOutcome& last = direct.last();
    DirectRecord& record = memory_.direct(turn_);
    const DirectEnd end = end_of(trial, direct);
    if (end == DirectEnd::raised || end == DirectEnd::gap)
      memory_.set_error(turn_, last.error_class, last.message);
    record.differentiable = computes_reals(trial.test_case(), last);
    record.writes = oracles::writes_of_call(trial.test_case(), trial.last_operator(), direct,
                                            trial.test_case().calls.size() - 1);
    record.end = end;  // last: the parent reads the rest only if there is an end
  }

  bool refuse_all(const corpora::Case& c) {
    oracles::Verdict refused;
    refused.judgement = Judgement::refused;
    for (size_t o = 0; o < run_.options.oracles.size(); ++o)
      if (run_.judges(o, index_, !c.program.empty()) && !judged_(turn_, o, c, refused)) return false;
    return true;
  }

  bool check(oracles::Trial& trial, uint32_t o) {
    journal_.path.set({});
    enter(o, Phase::checking);
    if (!is_far_) oracles::arm_timeout(run_.options.timeout_seconds);
    const oracles::Verdict verdict = oracles::check_and_attribute(trial, *run_.options.oracles[o]);
    if (verdict.is_detection()) enter(o, Phase::writing);
    return judged_(turn_, o, trial.test_case(), verdict);
  }

  Run& run_;
  ChunkMemory& memory_;
  Journal& journal_;
  const Judged& judged_;
  uint64_t index_;
  uint32_t turn_;
  bool is_far_ = false;
};

}  // namespace

oracles::IsolatedLimits Run::limits() const {
  return {.timeout_seconds = options.timeout_seconds,
          .memory_mib = 4096 + options.memory_mib,
          .directory = out.work()};
}

std::optional<size_t> oracle_of_direct_run(const Run& run, uint64_t index, bool is_program) {
  std::optional<size_t> first;
  for (size_t o = 0; o < run.options.oracles.size(); ++o) {
    if (!run.judges(o, index, is_program)) continue;
    if (run.options.oracles[o]->name == "state") return o;
    if (!first) first = o;
  }
  return first;
}

bool is_program_at(Run& run, uint64_t index) {
  return run.order.place(index).op->name == corpora::program_operator;
}

namespace {

corpora::Case drawn_case(Run& run, uint64_t index, const CasePlace& place) {
  corpora::PhiloxChoices choices = run.order.choices(place);
  const bool has_samples = run.options.samples && !run.options.samples->of(place.op->name).empty();
  const corpora::Attempts attempts =
      has_samples ? corpora::Attempts{} : run.lessons.of(place.op->name, index / kChunkCases);
  const uint64_t quarters = attempts.accepted.empty() ? 2 : 3;
  if (run.steps.approach && !attempts.empty() && choices.chance(quarters, 4))
    return run.steps.approach(attempts, choices);
  return run.steps.draw(*place.op, choices);
}

}  // namespace

corpora::Case case_at(Run& run, uint64_t index) {
  const CasePlace place = run.order.place(index);
  if (place.is_sample) return run.options.samples->cases()[place.visit];
  corpora::Case c = drawn_case(run, index, place);
  corpora::PhiloxChoices choices = run.order.choices_of_far_sizes(index);
  if (const uint64_t share = run.options.far_sizes_share; share > 0 && choices.chance(1, share))
    corpora::expand_far(c, choices);
  return c;
}

void judge_cases(Run& run, ChunkMemory& memory, Turns turns, Place from, const Judged& judged) {
  memory.journal().began = from.turn;
  for (uint32_t turn = from.turn; turn < turns.size(); ++turn) {
    CaseWork one(run, memory, turns[turn], turn, judged);
    if (!one.work(turn == from.turn ? from.oracle : 0)) break;
  }
  oracles::arm_timeout(0);
  memory.journal().phase.store(Phase::done, kRelaxed);
}

void work(Run& run, ChunkMemory& memory, Turns turns, Place from) {
  const Judged keep_and_record = [&](uint32_t turn, size_t o, const corpora::Case& c,
                                     const oracles::Verdict& verdict) {
    if (verdict.is_detection()) keep_detection(run, memory, turns, turn, c, *run.options.oracles[o], verdict);
    memory.record(turn, o, verdict);
    return true;
  };
  judge_cases(run, memory, turns, from, keep_and_record);
}

namespace {

Pending pending_of(const Run& run, uint64_t index, uint64_t process_began, const corpora::Case& c,
                   const oracles::Oracle& oracle, const oracles::Verdict& verdict) {
  reports::Origin origin = run.origin;
  origin.index = index;
  Pending pending;
  pending.run = run.key;
  pending.process_began = process_began;
  pending.detection = reports::detection_of(c, run.subject, oracle, verdict, origin);
  return pending;
}

}  // namespace

void keep_detection_of_run(Run& run, const std::vector<uint64_t>& indices, const oracles::Oracle& oracle,
                           const oracles::Verdict& verdict) {
  std::vector<corpora::Case> cases;
  for (const uint64_t index : indices) cases.push_back(case_at(run, index));
  const uint64_t first = indices.front();
  write_pending(run.out, pending_of(run, first, first, corpora::joined(cases), oracle, verdict), verdict);
}

void keep_detection(Run& run, ChunkMemory& memory, Turns turns, uint32_t turn, const corpora::Case& c,
                    const oracles::Oracle& oracle, const oracles::Verdict& verdict) {
  const uint64_t index = turns[turn];
  const Pending pending = pending_of(run, index, turns[memory.journal().began], c, oracle, verdict);
  const std::string signature = oracles::to_string(pending.detection.signature);
  if (!run.seen.worth_writing(signature, index)) return;
  write_pending(run.out, pending, verdict);
  run.seen.add(signature, index);
  memory.log(index, signature);
}

}  // namespace fuzz
