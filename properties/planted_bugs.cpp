// The oracle of each planted bug finds it within 1,200 cases, and the bug shows in at most one case in three:
// a bug that always shows would prove little. Each bug runs in its own child, forked after libtorch is
// loaded, because loading takes longer than the cases.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <sstream>

#include "corpora/case/draw.h"
#include "corpora/case/joined.h"
#include "oracles/compare/divergence_text.h"
#include "oracles/invariants/declared_writes.h"
#include "oracles/isolation/isolated.h"
#include "oracles/make_subject.h"
#include "oracles/oracle.h"
#include "oracles/planted/planted.h"
#include "properties/case_supplies.h"
#include "reports/investigate.h"
#include "reports/known.h"

namespace {

using oracles::Planted;

class PlantedBug : public testing::TestWithParam<Planted> {};

std::unique_ptr<oracles::Subject> subject_with(const Planted& bug, const reports::Origin& origin) {
  auto subject = oracles::make_subject(
      bug.subject, {.load = origin.load, .device = std::string(bug.device), .plant = origin.plant});
  if (bug.oracle == "peer") (void)subject->no_peer();  // loads the peer, before any fork
  return subject;
}

// What a short campaign over the planted operators shows.
struct Tally {
  int checks = 0, differ = 0;
  bool found = false;  // a detection became a finding that no known entry covers
};

Tally campaign(const Planted& bug, uint64_t judged) {
  reports::Origin origin;
  if (bug.subject == "engine")
    origin.plant = bug.name;
  else
    origin.load = {oracles::planted_library()};
  const auto subject = subject_with(bug, origin);
  const oracles::Oracle& oracle = *oracles::find_oracle(bug.oracle);
  constexpr uint64_t rare = 8;  // such an oracle judges as many cases as one of every eighth case
  const uint64_t cases = judged * std::max<uint64_t>(1, static_cast<uint64_t>(oracle.share) / rare);
  const auto known = reports::KnownEntries::read({FAULTLINE_SOURCE_DIR "/corpora/known"});
  const std::vector<size_t> planted = oracles::operators_of(bug, subject->catalog());
  oracles::Isolated isolated(*subject, {});
  Tally tally;
  const auto investigate = [&](const corpora::Case& c, const oracles::Verdict& verdict) {
    std::string why;
    const auto detection = reports::detection_of(c, *subject, oracle, verdict, origin);
    const auto finding = reports::investigate(detection, *subject, isolated, known, {}, why);
    tally.found = finding && finding->known.empty();
  };
  oracles::DeclaredWrites writes;
  std::vector<corpora::Case> drawn;
  for (uint64_t index = 0; index < cases; ++index) {
    const size_t op = planted[index % planted.size()];
    corpora::PhiloxChoices choices(1, op, index);
    const corpora::Case& c = drawn.emplace_back(
        corpora::draw(subject->catalog(), subject->catalog().operators()[op], subject->domains(), choices));
    if (oracle.name == "schema") {
      oracles::Trial trial(*subject, c);
      writes.add(trial.last_operator().name, index,
                 oracles::writes_of_call(c, trial.last_operator(), trial.direct(), c.calls.size() - 1));
    }
    if (oracle.share > 1 && !choices.chance(1, static_cast<uint64_t>(oracle.share))) continue;
    const oracles::Verdict verdict = isolated.check(c, oracle, false);
    using enum oracles::Judgement;
    tally.checks +=
        verdict.judgement != refused && verdict.judgement != over_budget && verdict.judgement != gap;
    if (!verdict.is_detection()) continue;
    ++tally.differ;
    if (!tally.found) investigate(c, verdict);
  }
  for (const auto& unwritten : writes.never_written()) {
    ++tally.differ;
    std::vector<corpora::Case> calls;
    for (const uint64_t index : unwritten.indices) calls.push_back(drawn[index]);
    if (!tally.found) investigate(corpora::joined(calls), oracles::verdict_of(unwritten));
  }
  return tally;
}

Tally campaign_in_child(const Planted& bug, uint64_t cases) {
  oracles::IsolatedLimits limits;
  limits.timeout_seconds = 120;
  const auto answer = oracles::run_in_child(limits, [&] {
    const Tally tally = campaign(bug, cases);
    return fmt::format("{} {} {}", tally.checks, tally.differ, static_cast<int>(tally.found));
  });
  EXPECT_FALSE(answer.death) << oracles::ending_text(answer.death->side);
  Tally tally;
  std::istringstream(answer.text) >> tally.checks >> tally.differ >> tally.found;
  return tally;
}

TEST_P(PlantedBug, IsFoundByItsOracle) {
  if (GetParam().subject == "torch" || GetParam().oracle == "peer") {
    SKIP_WITHOUT_TORCH();
    properties::torch_supply();  // loads libtorch, once for all children
  }
  Tally tally = campaign_in_child(GetParam(), 1200);
  // Few dtypes show some, and some oracles judge few cases.
  if (!tally.found || tally.checks <= 50) tally = campaign_in_child(GetParam(), 9600);
  EXPECT_TRUE(tally.found) << GetParam().mistake;
  EXPECT_GT(tally.checks, 50);
  EXPECT_LE(3 * tally.differ, tally.checks) << tally.differ << " of " << tally.checks << " differ";
}

std::string name_of(const testing::TestParamInfo<Planted>& info) { return std::string(info.param.name); }

// Of the faults of the dispatcher, one: oracles/planted/dispatch/dispatch_faults_test.cpp tries them all.
// Those that need Python are tried by cli/python/tests/test_layers.py.
std::vector<Planted> tried() {
  std::vector<Planted> bugs(oracles::all_planted().begin(), oracles::all_planted().end());
  std::erase_if(bugs, [](const Planted& bug) {
    return bug.in_python || (bug.oracle == "dispatch" && bug.name != "dispatch_older_kernel_forgotten");
  });
  return bugs;
}

INSTANTIATE_TEST_SUITE_P(All, PlantedBug, testing::ValuesIn(tried()), name_of);

}  // namespace
