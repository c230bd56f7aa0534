// The deviations between our dispatcher and c10, row by row. Each row's program in dispatch_witnesses.txt
// shows a difference between c10 and the sound rules, and none between c10 and the rules that know its
// deviations.
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "corpora/case/text.h"
#include "engine/dispatch/deviations.h"
#include "oracles/dispatch/conformance.h"
#include "oracles/dispatch/rules_machine.h"
#include "oracles/make_subject.h"
#include "properties/case_supplies.h"

namespace {

struct Witness {
  std::string row;
  std::optional<oracles::Part> shows = {};
  std::string entry = {};  // of a table
  std::string program = "faultline case 1\n";
  std::string reason = {};  // why there is no program
};

std::vector<Witness> read_witnesses() {
  std::vector<Witness> all;
  std::ifstream file(FAULTLINE_SOURCE_DIR "/properties/dispatch_witnesses.txt");
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string word, rest;
    std::getline(words >> word >> std::ws, rest);
    if (word == "row") {
      all.push_back({rest});
    } else if (word == "shows") {
      const std::string part = rest.substr(0, rest.find(' '));
      all.back().shows = oracles::part_named(part);
      if (part != rest) all.back().entry = rest.substr(part.size() + 1);
    } else if (word == "reason") {
      all.back().reason = rest;
    } else if (!word.empty() && word != "#") {
      all.back().program += line + "\n";
    }
  }
  return all;
}

std::vector<Witness> with_programs() {
  std::vector<Witness> witnesses = read_witnesses();
  std::erase_if(witnesses, [](const Witness& witness) { return !witness.reason.empty(); });
  return witnesses;
}

class Deviation : public testing::TestWithParam<Witness> {
 protected:
  void SetUp() override { SKIP_WITHOUT_TORCH(); }

  static oracles::DispatchMachine& c10() {
    static const auto torch = oracles::make_subject("torch", {});
    return *torch->dispatch_machine();
  }
  const corpora::Program program = corpora::parse_case(GetParam().program, GetParam().row).program;
};

TEST_P(Deviation, ShowsInC10) {
  oracles::RulesMachine sound(oracles::sound_rules(), c10().ambient());
  EXPECT_TRUE(oracles::conform(program, sound, c10(), GetParam().shows, GetParam().entry).divergence)
      << "c10 conforms to the sound rules: this deviation no longer exists";
}

TEST_P(Deviation, IsInTheRulesOfC10) {
  const auto conformance = oracles::conform(program, c10().judge(), c10());
  EXPECT_FALSE(conformance.divergence) << to_text(conformance);
}

TEST_P(Deviation, IsNotInTheEngine) {
  const auto engine = oracles::make_subject("engine", {});
  oracles::DispatchMachine& machine = *engine->dispatch_machine();
  const auto conformance = oracles::conform(program, machine.judge(), machine);
  EXPECT_FALSE(conformance.divergence) << to_text(conformance);
}

INSTANTIATE_TEST_SUITE_P(Row, Deviation, testing::ValuesIn(with_programs()),
                         [](const auto& row) { return row.param.row; });

TEST(Deviations, EachRowHasAWitnessOrAReason) {
  std::set<std::string_view> rows, witnessed;
  for (const engine::Deviation& row : engine::deviations) rows.insert(row.name);
  const std::vector<Witness> witnesses = read_witnesses();
  for (const Witness& witness : witnesses) {
    EXPECT_TRUE(witnessed.insert(witness.row).second) << witness.row;
    EXPECT_NE(witness.shows.has_value(), !witness.reason.empty()) << witness.row;
  }
  EXPECT_EQ(witnessed, rows);
}

}  // namespace
