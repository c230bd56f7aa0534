#include "corpora/case/approach.h"

#include <gtest/gtest.h>

#include <set>

#include "corpora/case/schema_catalog.h"
#include "corpora/case/text.h"

namespace corpora {
namespace {

const Catalog& catalog() {
  static const Catalog built =
      catalog_of({"mine::take(Tensor x, Tensor index, int n, int[2] window, bool flag=False) -> Tensor"});
  return built;
}

const Supply& supply() {
  static const Supply made{catalog(), Domains::torch(), {0}, {}};
  return made;
}

constexpr std::string_view taken = R"(faultline case 1
storage s0 f32[12] iota
storage s1 f32[1] zeros
input t0 s0 sizes [3, 4] strides [4, 1] offset 0
input t1 s1 sizes [] strides [] offset 0
call r0 mine::take(x=t0, index=t1, n=2, window=[1, 1], flag=False)
)";

Case approached(const Attempts& attempts, uint64_t index) {
  PhiloxChoices choices(1, 2, index);
  return approach(attempts, supply(), choices);
}

TEST(Approach, ChangesAreWellFormedAndRepeatable) {
  const Case refused = parse_case(taken, "taken");
  for (uint64_t i = 0; i < 2000; ++i) {
    const Case c = approached({{}, {&refused}}, i);
    EXPECT_EQ(fault_of(c), "") << to_text(c);
    EXPECT_EQ(c.calls.back().op, "mine::take");
    EXPECT_EQ(c, approached({{}, {&refused}}, i));
  }
}

TEST(Approach, ReachesRanksRelationsAndDtypesThatBelongTogether) {
  const Case refused = parse_case(taken, "taken");
  std::set<std::string> reached;
  for (uint64_t i = 0; i < 4000; ++i) {
    const Case c = approached({{}, {&refused}}, i);
    const Call& call = c.calls.back();
    if (call.arguments[0].kind != ValueKind::tensor || call.arguments[1].kind != ValueKind::tensor) continue;
    if (!call.arguments[0].tensor.is_input() || !call.arguments[1].tensor.is_input()) continue;
    const Input &x = c.input_of(call.arguments[0].tensor), &index = c.input_of(call.arguments[1].tensor);
    const bool vector_of_rows =
        x.sizes.size() == 2 && index.sizes.size() == 1 && index.sizes[0] == x.sizes[0];
    if (x.sizes.size() != 2) reached.insert("another rank");
    if (vector_of_rows) reached.insert("a vector with an element for each row");
    if (vector_of_rows && c.storage_of(index).dtype == engine::DType::i64) reached.insert("of indices");
    if (!x.sizes.empty() && call.arguments[2].integer == x.sizes.back())
      reached.insert("a size as the integer");
  }
  EXPECT_EQ(reached, (std::set<std::string>{"another rank", "a vector with an element for each row",
                                            "of indices", "a size as the integer"}));
}

TEST(Approach, StartsMostlyFromAcceptedCalls) {
  const Case refused = parse_case(taken, "taken");
  Case accepted = refused;
  accepted.calls.back().arguments[2].integer = 7777;
  int kept = 0;
  for (uint64_t i = 0; i < 1000; ++i)
    kept += approached({{&accepted}, {&refused}}, i).calls.back().arguments[2].integer == 7777;
  EXPECT_GT(kept, 500);
}

}  // namespace
}  // namespace corpora
