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

// The number of the first program that differs and where, as text; empty: none differs.
std::string first_difference(DispatchMachine& machine) {
  for (size_t i = 0; i < programs_max; ++i) {
    const Conformance conformance = conform(drawn_programs()[i], machine.judge(), machine);
    if (conformance.divergence) return fmt::format("program {}: {}", i + 1, to_text(conformance));
  }
  return {};
}

class DispatchFaults : public testing::TestWithParam<DispatchFault> {};

TEST_P(DispatchFaults, IsFoundWithin1200Programs) {
  const DispatchFault& fault = GetParam();
  ASSERT_EQ(fault.stale, "") << fault.name;
  EXPECT_NE(first_difference(*faulty_dispatcher(fault.name)), "") << fault.mistake;
}

TEST(DispatchWithoutFault, AgreesInTheSamePrograms) {
  EXPECT_EQ(first_difference(*faulty_dispatcher("")), "");
}

INSTANTIATE_TEST_SUITE_P(All, DispatchFaults,
                         testing::ValuesIn(dispatch_faults().begin(), dispatch_faults().end()),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace oracles
