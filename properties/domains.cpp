// The built-in domains against the installed libtorch: every line names an operator, an argument of it, and a
// type that fits.
#include "corpora/domains/domains.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "corpora/domains/spec_fits.h"
#include "properties/case_supplies.h"

namespace {

using corpora::Assignment;
using corpora::DomainLine;
using corpora::Operator;

std::vector<const Operator*> named_by(const std::string& glob) {
  std::vector<const Operator*> named;
  for (const Operator& op : properties::torch_supply().catalog.operators())
    if (corpora::glob_match(glob, op.name)) named.push_back(&op);
  return named;
}

bool has_argument(const Operator& op, const Assignment& assignment) {
  return std::any_of(op.schema.arguments.begin(), op.schema.arguments.end(), [&](const auto& argument) {
    return argument.name == assignment.argument && corpora::fits(assignment.spec, argument.type);
  });
}

// The arguments of a line that none of its operators has with a type that fits.
std::vector<std::string> idle_items(const DomainLine& line) {
  std::vector<const Operator*> named;
  for (const std::string& glob : line.globs)
    for (const Operator* op : named_by(glob)) named.push_back(op);
  std::vector<std::string> idle;
  for (const auto& alternative : line.alternatives)
    for (const Assignment& assignment : alternative)
      if (assignment.target == Assignment::Target::argument &&
          std::none_of(named.begin(), named.end(),
                       [&](const Operator* op) { return has_argument(*op, assignment); }))
        idle.push_back(assignment.argument);
  return idle;
}

void check_results(const corpora::Assignments& assignments, int line) {
  for (const Assignment& assignment : assignments) {
    std::vector<const corpora::Spec*> specs{&assignment.spec};
    while (!specs.empty()) {
      const corpora::Spec& spec = *specs.back();
      specs.pop_back();
      for (const corpora::Spec& part : spec.parts) specs.push_back(&part);
      if (spec.kind != corpora::Spec::Kind::result) continue;
      const Operator* op = properties::torch_supply().catalog.find(spec.op);
      ASSERT_NE(op, nullptr) << "torch.domains:" << line << ": unknown operator " << spec.op;
      for (const Assignment& given : spec.assignments)
        EXPECT_TRUE(has_argument(*op, given))
            << "torch.domains:" << line << ": " << given.argument << " of " << spec.op;
      check_results(spec.assignments, line);
    }
  }
}

TEST(Domains, EveryPatternNamesAnOperator) {
  SKIP_WITHOUT_TORCH();
  for (const DomainLine& line : corpora::Domains::torch().lines())
    for (const std::string& glob : line.globs)
      EXPECT_FALSE(named_by(glob).empty()) << "torch.domains:" << line.number << ": " << glob;
}

TEST(Domains, EveryAssignmentNamesAnArgument) {
  SKIP_WITHOUT_TORCH();
  for (const DomainLine& line : corpora::Domains::torch().lines()) {
    if (line.is_general()) continue;  // also for words that only authors use
    for (const std::string& argument : idle_items(line))
      ADD_FAILURE() << "torch.domains:" << line.number
                    << ": no such argument, or of another type: " << argument;
  }
}

TEST(Domains, EarlierCallsAreOfOperatorsThatExist) {
  SKIP_WITHOUT_TORCH();
  for (const DomainLine& line : corpora::Domains::torch().lines())
    for (const auto& alternative : line.alternatives) check_results(alternative, line.number);
}

}  // namespace
