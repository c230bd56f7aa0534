// Laws of drawing: cases are well formed, the same everywhere, and fit their schemas.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "corpora/case/draw.h"
#include "corpora/case/text.h"
#include "properties/torch_catalog.h"

namespace {

using corpora::Case;
using properties::drawn;
using properties::torch_catalog;

TEST(Drawing, CasesAreWellFormedAndFitTheirSchemas) {
  SKIP_WITHOUT_TORCH();
  rc::check([](uint64_t seed, uint64_t op, uint16_t index) {
    const Case c = drawn(seed, op, index);
    RC_ASSERT(corpora::fault_of(c) == "");
    RC_ASSERT(!c.calls.empty());
    for (const auto& call : c.calls) {
      const auto* declared = torch_catalog().find(call.op);
      RC_ASSERT(declared != nullptr);
      RC_ASSERT(call.arguments.size() == declared->schema.arguments.size());
    }
  });
}

TEST(Drawing, TheSameSeedDrawsTheSameCase) {
  SKIP_WITHOUT_TORCH();
  rc::check([](uint64_t seed, uint64_t op, uint16_t index) {
    RC_ASSERT(drawn(seed, op, index) == drawn(seed, op, index));
  });
}

TEST(Drawing, AnyBytesDrawAWellFormedCase) {
  SKIP_WITHOUT_TORCH();
  rc::check([](const std::vector<uint8_t>& bytes, uint64_t op) {
    const auto& operators = torch_catalog().operators();
    corpora::ByteChoices choices(std::as_bytes(std::span(bytes)));
    const Case c =
        corpora::draw(torch_catalog(), operators[op % operators.size()], corpora::Domains::torch(), choices);
    RC_ASSERT(corpora::fault_of(c) == "");
  });
}

TEST(Drawing, TensorsAreNotMostlyEmptyOrTiny) {
  SKIP_WITHOUT_TORCH();
  std::vector<int64_t> counts;
  for (uint64_t index = 0; index < 6000; ++index)
    for (const auto& input : drawn(1, index * 7919, index).inputs)
      counts.push_back(engine::element_count(input.sizes));
  ASSERT_GT(counts.size(), 1000U);
  std::nth_element(counts.begin(), counts.begin() + static_cast<std::ptrdiff_t>(counts.size() / 2),
                   counts.end());
  EXPECT_GE(counts[counts.size() / 2], 6);
}

// What sweeps leave out must be drawn: each of these shows in a few thousand cases, and none is the rule.
TEST(Drawing, RareGeometriesAndValuesAreDrawn) {
  SKIP_WITHOUT_TORCH();
  struct Count {
    const char* what;
    bool (*holds)(const Case&, const corpora::Input&);
    int seen = 0;
  };
  std::vector<Count> counts{
      {"empty", [](const Case&, const corpora::Input& i) { return engine::element_count(i.sizes) == 0; }},
      {"0-dim", [](const Case&, const corpora::Input& i) { return i.sizes.empty(); }},
      {"rank 5", [](const Case&, const corpora::Input& i) { return i.sizes.size() >= 5; }},
      {"offset", [](const Case&, const corpora::Input& i) { return i.offset > 0; }},
      {"not contiguous",
       [](const Case&, const corpora::Input& i) { return !engine::is_contiguous(i.sizes, i.strides); }},
      {"overlapping",
       [](const Case&, const corpora::Input& i) { return engine::may_overlap(i.sizes, i.strides); }},
      {"complex",
       [](const Case& c, const corpora::Input& i) {
         return engine::is_complex(c.storages[static_cast<size_t>(i.storage)].dtype);
       }},
      {"half",
       [](const Case& c, const corpora::Input& i) {
         return engine::class_of(c.storages[static_cast<size_t>(i.storage)].dtype) ==
                engine::DTypeClass::half;
       }},
      {"edge values",
       [](const Case& c, const corpora::Input& i) {
         return c.storages[static_cast<size_t>(i.storage)].rule == corpora::FillRule::wild;
       }},
      {"shared storage",
       [](const Case& c, const corpora::Input&) { return c.inputs.size() > c.storages.size(); }}};
  int inputs = 0;
  for (uint64_t index = 0; index < 6000; ++index) {
    const Case c = drawn(2, index * 7919, index);
    for (const auto& input : c.inputs) {
      ++inputs;
      for (Count& count : counts) count.seen += count.holds(c, input);
    }
  }
  for (const Count& count : counts) {
    EXPECT_GT(count.seen, 10) << count.what;
    EXPECT_LT(count.seen, inputs * 3 / 4) << count.what;
  }
}

}  // namespace
