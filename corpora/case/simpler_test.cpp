#include "corpora/case/simpler.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <functional>

#include "corpora/case/case_laws.h"
#include "corpora/case/image.h"
#include "corpora/case/image_bits.h"

namespace corpora {
namespace {

using engine::DType;

RC_GTEST_PROP(Simpler, EveryCandidateIsWellFormedDifferentAndSmaller, ()) {
  const Case c = *arbitrary_cases();
  const Measure measure = measure_of(c, law_catalog());
  for (const Case& candidate : simpler(c, law_catalog())) {
    RC_ASSERT(fault_of(candidate) == "");
    RC_ASSERT(!(candidate == c));
    RC_ASSERT(measure_of(candidate, law_catalog()) < measure);
    RC_ASSERT(candidate.header.path.empty() == c.header.path.empty());
  }
}

RC_GTEST_PROP(Simpler, RepeatedStepsEnd, ()) {
  Case c = *arbitrary_cases();
  PhiloxChoices choices(*rc::gen::arbitrary<uint64_t>(), 0, 0);
  int steps = 0;
  for (std::vector<Case> next = simpler(c, law_catalog()); !next.empty(); next = simpler(c, law_catalog())) {
    c = next[choices.below(next.size())];
    RC_ASSERT(++steps < 3000);
  }
}

RC_GTEST_PROP(Simpler, FirstCandidatesLeadToTheSimplestCase, ()) {
  Case c = *arbitrary_cases();
  c.header.path.clear();  // a layer keeps its storage
  for (std::vector<Case> next = simpler(c, law_catalog()); !next.empty(); next = simpler(c, law_catalog()))
    c = std::move(next.front());
  const Measure smallest = measure_of(c, law_catalog());
  RC_ASSERT(smallest.calls == 1u);
  RC_ASSERT(smallest.results == 0u);
  RC_ASSERT(smallest.sharing + smallest.overlaps + smallest.strided + smallest.offsets == 0u);
  RC_ASSERT(smallest.rank == 0u);
  RC_ASSERT(smallest.dtypes == 0u);
  RC_ASSERT(smallest.rules + smallest.values + smallest.seeds == 0u);
}

// Greedy, as the minimiser: it goes on at the same index after a success, and ends when all candidates
// failed.
struct Descent {
  Case smallest;
  int tried = 0;
};
Descent descend(const Case& from, const std::function<bool(const Case&)>& still_fails) {
  Descent descent{from, 0};
  std::vector<Case> steps = simpler(from, law_catalog());
  size_t at = 0;
  for (size_t failures = 0; failures < steps.size();) {
    if (at >= steps.size()) at = 0;
    ++descent.tried;
    if (still_fails(steps[at])) {
      descent.smallest = Case(steps[at]);
      steps = simpler(descent.smallest, law_catalog());
      failures = 0;
    } else {
      ++failures;
      ++at;
    }
  }
  return descent;
}

// Three calls, a strided, an expanded and a shared input, mixed dtypes, wild values.
Case rich_case() {
  return parse_case(
      "faultline case 1\nsubject torch\noracle zero\npath zero(1)\n"
      "storage s0 f64[120] wild(7)\nstorage s1 bf16[60] wild(8)\nstorage s2 i32[9] integers(9)\n"
      "input t0 s0 sizes [4, 5, 3] strides [1, 8, 40] offset 0\n"
      "input t1 s1 sizes [4, 5, 3] strides [15, 3, 1] offset 0\n"
      "input t2 s0 sizes [5, 3] strides [3, 0] offset 11\n"
      "input t3 s2 sizes [3, 3] strides [3, 1] offset 0\n"
      "call r0 aten::relu(self=t0)\n"
      "call r1 aten::add.Tensor(self=r0.0, other=t1, alpha=3)\n"
      "call r2 aten::add.Tensor(self=r1.0, other=t2, alpha=2)\n",
      "rich");
}

bool calls_add(const Case& c) { return c.calls.back().op == "aten::add.Tensor"; }

TEST(Simpler, KeepsOnlyTheCallAndTheTransformedInput) {
  const Descent descent = descend(rich_case(), [](const Case& c) {
    if (!calls_add(c)) return false;
    const Value& other = c.calls.back().arguments[1];
    if (other.kind != ValueKind::tensor || !other.tensor.is_input()) return false;
    const int32_t transformed = c.inputs[static_cast<size_t>(other.tensor.index)].storage;
    return c.header.path == Path{{LayerKind::zero, transformed}};
  });
  EXPECT_EQ(to_text(descent.smallest),
            "faultline case 1\nsubject torch\noracle zero\npath zero(1)\n"
            "storage s0 f32[1] zeros\nstorage s1 f32[1] zeros\n"
            "input t0 s0 sizes [] strides [] offset 0\ninput t1 s1 sizes [] strides [] offset 0\n"
            "call r0 aten::add.Tensor(self=t0, other=t1, alpha=1)\n")
      << descent.tried;
}

TEST(Simpler, KeepsATransposedMatrixIfThatMatters) {
  const Descent descent = descend(rich_case(), [](const Case& c) {
    if (!calls_add(c) || c.inputs.size() < 2 || c.calls.back().arguments[0].kind != ValueKind::tensor)
      return false;
    for (const Input& input : c.inputs)
      if (!engine::is_contiguous(input.sizes, input.strides) &&
          !engine::may_overlap(input.sizes, input.strides))
        return engine::element_count(input.sizes) >= 4;
    return false;
  });
  const Case& smallest = descent.smallest;
  ASSERT_EQ(smallest.inputs.size(), 2u);
  EXPECT_EQ(smallest.inputs[0].sizes, (engine::Dims{2, 2})) << to_text(smallest);
  EXPECT_EQ(smallest.inputs[0].strides, (engine::Dims{1, 2})) << to_text(smallest);
  EXPECT_LE(descent.tried, 400);
}

bool holds_nan(const Case& c) {
  for (const Storage& storage : c.storages) {
    const std::vector<std::byte> bytes = bytes_of(storage);
    const DType component = engine::component_of(storage.dtype);
    for (size_t at = 0; at < bytes.size(); at += engine::size_of(component))
      if (read_number(component, bytes.data() + at).kind == Number::Kind::nan) return true;
  }
  return false;
}

TEST(Simpler, IsolatesOneNanAmongWildValues) {
  ASSERT_TRUE(holds_nan(rich_case()));
  const Descent descent = descend(rich_case(), holds_nan);
  EXPECT_EQ(to_text(descent.smallest),
            "faultline case 1\nsubject torch\noracle zero\npath zero(1)\n"
            "storage s0 f32[1] values { nan }\nstorage s1 f32[1] zeros\n"
            "input t0 s0 sizes [] strides [] offset 0\ninput t1 s1 sizes [] strides [] offset 0\n"
            "call r0 aten::add.Tensor(self=t0, other=t1, alpha=1)\n");
  EXPECT_LE(descent.tried, 400);
}

TEST(Simpler, ArgumentsReturnToTheirDefaults) {
  const Case c = parse_case(
      "faultline case 1\nstorage s0 f32[16] ones\ninput t0 s0 sizes [2, 8] strides [8, 1] offset 0\n"
      "call r0 aten::max_pool1d(self=t0, kernel_size=[3], stride=[2], padding=[1], dilation=[2], "
      "ceil_mode=True)\n",
      "x");
  const Descent descent = descend(c, [](const Case& smaller) {
    const Value& kernel = smaller.calls[0].arguments[1];
    return smaller.inputs.size() == 1 && kernel.list.size() == 1 && kernel.list[0].integer >= 2;
  });
  EXPECT_EQ(
      to_text(descent.smallest.calls[0]),
      "aten::max_pool1d(self=t0, kernel_size=[2], stride=[], padding=[0], dilation=[1], ceil_mode=False)");
}

// Kernels read the declared number of elements without a check.
TEST(Simpler, SizedListsKeepTheirSize) {
  const Catalog catalog =
      catalog_of({"t::pool(Tensor self, int[2] kernel_size, int[2]? padding=None) -> Tensor"});
  const Case c = parse_case(
      "faultline case 1\nstorage s0 f32[1] zeros\ninput t0 s0 sizes [] strides [] offset 0\n"
      "call r0 t::pool(self=t0, kernel_size=[3, 3, 3], padding=[4, 5])\n",
      "x");
  for (const Case& smaller : simpler(c, catalog))
    for (const Value& value : smaller.calls[0].arguments) {
      if (value.kind != ValueKind::list) continue;
      EXPECT_GE(value.list.size(), 2u) << to_text(smaller);
    }
}

TEST(Simpler, SizesShrinkTogetherWithListsOfSizes) {
  const Case c = parse_case(
      "faultline case 1\nstorage s0 f32[6] iota\ninput t0 s0 sizes [6, 1] strides [1, 1] offset 0\n"
      "call r0 aten::expand(self=t0, size=[6, 5], implicit=False)\n",
      "x");
  const Descent descent = descend(c, [](const Case& smaller) {  // expand raises if the sizes do not match
    if (smaller.inputs.size() != 1) return false;
    const engine::Dims& sizes = smaller.inputs[0].sizes;
    const std::vector<Value>& size = smaller.calls[0].arguments[1].list;
    return sizes.size() == 2 && size.size() == 2 && size[0].integer == sizes[0] && sizes[0] > 1 &&
           sizes[1] == 1 && size[1].integer > 0;
  });
  EXPECT_EQ(descent.smallest.inputs[0].sizes, (engine::Dims{2, 1}));
}

TEST(Simpler, LargeCaseHasFewCandidates) { EXPECT_LE(simpler(rich_case(), law_catalog()).size(), 250u); }

}  // namespace
}  // namespace corpora
