// The table of deviations between our dispatcher and c10, row by row: the row's program shows a difference
// between real c10 and the sound rules, and none between c10 and the rules that know its deviations. A row
// that no longer differs fails; so does a row that has neither a program nor a reason to have none.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>

#include "corpora/case/text.h"
#include "engine/dispatch/deviations.h"
#include "oracles/dispatch/conformance.h"
#include "oracles/dispatch/rules_machine.h"
#include "oracles/isolation/isolated.h"
#include "oracles/make_subject.h"
#include "properties/dispatch_witnesses.h"
#include "properties/torch_catalog.h"

namespace {

using properties::Witness;

oracles::Subject& torch() {
  static const auto subject = oracles::make_subject("torch", {});
  return *subject;
}

corpora::Program program_of(const Witness& witness) {
  return corpora::parse_case("faultline case 1\n" + std::string(witness.program), std::string(witness.row))
      .program;
}

class Deviation : public testing::TestWithParam<Witness> {
 protected:
  void SetUp() override { SKIP_WITHOUT_TORCH(); }
};

TEST_P(Deviation, IsReproduced) {
  oracles::DispatchMachine& c10 = *torch().dispatch_machine();
  oracles::RulesMachine sound(oracles::sound_rules(), c10.ambient());
  EXPECT_TRUE(oracles::conform(program_of(GetParam()), sound, c10, GetParam().shows, GetParam().entry)
                  .parting.has_value())
      << "c10 does what the sound rules say: the row is no longer true";
}

TEST_P(Deviation, IsKnownExactly) {
  oracles::DispatchMachine& c10 = *torch().dispatch_machine();
  const auto parting = oracles::conform(program_of(GetParam()), c10.judge(), c10).parting;
  EXPECT_FALSE(parting.has_value()) << to_text(*parting);
}

TEST_P(Deviation, IsNotOurs) {
  const auto engine = oracles::make_subject("engine", {});
  oracles::DispatchMachine& machine = *engine->dispatch_machine();
  const auto parting = oracles::conform(program_of(GetParam()), machine.judge(), machine).parting;
  EXPECT_FALSE(parting.has_value()) << to_text(*parting);
}

INSTANTIATE_TEST_SUITE_P(Row, Deviation, testing::ValuesIn(properties::dispatch_witnesses),
                         [](const auto& row) { return std::string(row.param.row); });

TEST(Deviations, EachRowHasAWitnessOrSaysWhyNot) {
  std::map<std::string_view, int> there;
  for (const Witness& witness : properties::dispatch_witnesses) ++there[witness.row];
  for (const auto& [row, why] : properties::without_witness) {
    ++there[row];
    EXPECT_FALSE(why.empty());
  }
  for (const engine::Deviation& row : engine::deviations) {
    EXPECT_GT(there[row.name], 0) << row.name;
    there.erase(row.name);
  }
  for (const auto& [row, count] : there) ADD_FAILURE() << row << " is no row of the table";
}

}  // namespace
