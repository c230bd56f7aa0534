#include "oracles/planted/dispatch/dispatch_faults.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "corpora/case/draw_program.h"
#include "oracles/dispatch/conformance.h"

namespace oracles {
namespace {

constexpr size_t programs_max = 1200;

const std::vector<corpora::Program>& drawn_programs() {
  static const std::vector<corpora::Program> programs = [] {
    std::vector<corpora::Program> drawn;
    for (uint64_t i = 0; i < programs_max; ++i) {
      corpora::PhiloxChoices choices(1, 0, i);
      drawn.push_back(corpora::draw_program(choices));
    }
    return drawn;
  }();
  return programs;
}

struct Search {
  size_t first = 0;  // the number of the first program that differs, from 1
  size_t differ = 0;
  std::string where;
};

Search search(DispatchMachine& machine) {
  Search found;
  for (size_t i = 0; i < programs_max; ++i) {
    const auto parting = conform(drawn_programs()[i], machine.judge(), machine).parting;
    if (!parting || found.differ++ > 0) continue;
    found.first = i + 1;
    found.where = to_text(*parting);
  }
  return found;
}

class DispatchFaults : public testing::TestWithParam<DispatchFault> {};

TEST_P(DispatchFaults, IsFoundWithin1200Programs) {
  const DispatchFault& fault = GetParam();
  ASSERT_EQ(fault.stale, "") << fault.name;
  const Search found = search(*faulty_dispatcher(fault.name));
  fmt::print("{}: found after {} programs, in {} of {}; {}\n", fault.name, found.first, found.differ,
             programs_max, found.where);
  EXPECT_GT(found.differ, 0U) << fault.mistake;
}

TEST(DispatchWithoutFault, AgreesInTheSamePrograms) {
  const Search found = search(*faulty_dispatcher(""));
  EXPECT_EQ(found.differ, 0U) << "program " << found.first << ", " << found.where;
}

INSTANTIATE_TEST_SUITE_P(All, DispatchFaults,
                         testing::ValuesIn(dispatch_faults().begin(), dispatch_faults().end()),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace oracles
