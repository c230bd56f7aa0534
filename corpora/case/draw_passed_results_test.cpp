// Programs in which a call takes what an earlier call of a drawn operator returned.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "corpora/case/draw.h"
#include "engine/dispatch/schema_parser.h"

namespace corpora {
namespace {

TEST(Draw, ProgramsPassResultsToTheSameOperatorAndToOthers) {
  std::vector<Operator> operators;
  for (const char* schema : {"mine::f(Tensor x) -> Tensor", "mine::g(Tensor x, Tensor y) -> Tensor"}) {
    Operator op;
    op.schema = engine::parse_schema(schema);
    operators.push_back(std::move(op));
  }
  const Catalog authors(std::move(operators));
  const Operator& f = *authors.find("mine::f");
  DrawLimits limits;
  limits.before = {0, 1};
  int itself = 0, other = 0;
  for (uint64_t i = 0; i < 4000; ++i) {
    PhiloxChoices choices(1, 2, i);
    const Case c = draw(authors, f, Domains(), choices, limits);
    EXPECT_EQ(c.calls.back().op, "mine::f");
    if (c.calls.size() < 2 || c.calls.back().arguments[0].tensor.is_input()) continue;
    const std::string& before = c.calls[c.calls.size() - 2].op;
    itself += before == "mine::f";
    other += before == "mine::g";
  }
  EXPECT_GT(itself, 20);
  EXPECT_GT(other, 10);
}

}  // namespace
}  // namespace corpora
