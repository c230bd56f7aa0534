// How often drawing and mutating do what they are for, and the cases that fixed seeds draw. What holds for
// every drawn case is in case_laws.cpp.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <xxhash.h>

#include <algorithm>

#include "corpora/case/schema_catalog.h"
#include "corpora/case/text.h"
#include "properties/case_supplies.h"

namespace {

using corpora::Case;
using properties::engine_supply;
using properties::torch_supply;

// A property of samples, and the share of the samples that must have it.
template <class Sample>
struct Share {
  std::string_view what;
  double least, most;
  bool (*has)(const Sample&);
};

template <class Sample>
void expect_shares(const std::vector<Sample>& samples, const std::vector<Share<Sample>>& shares) {
  for (const Share<Sample>& share : shares) {
    const auto count = static_cast<double>(std::ranges::count_if(samples, share.has));
    EXPECT_GE(count / static_cast<double>(samples.size()), share.least) << share.what;
    EXPECT_LE(count / static_cast<double>(samples.size()), share.most) << share.what;
  }
}

struct DrawnInput {
  corpora::Input input;
  corpora::Storage storage;
  bool shared;
};

TEST(Drawing, RareGeometriesAndValuesAreDrawn) {
  SKIP_WITHOUT_TORCH();
  std::vector<DrawnInput> drawn;
  for (uint64_t index = 0; index < 6000; ++index) {
    corpora::PhiloxChoices choices(2, 0, index);
    const Case c = corpora::draw(torch_supply(), choices);
    for (const corpora::Input& input : c.inputs)
      drawn.push_back(
          {input, c.storages[static_cast<size_t>(input.storage)], c.inputs.size() > c.storages.size()});
  }
  const auto rows = std::to_array<Share<DrawnInput>>({
      {"six elements or more", 0.5, 1, [](auto& d) { return engine::element_count(d.input.sizes) >= 6; }},
      {"empty", 0.001, 0.75, [](auto& d) { return engine::element_count(d.input.sizes) == 0; }},
      {"0-dim", 0.001, 0.75, [](auto& d) { return d.input.sizes.empty(); }},
      {"rank 5", 0.001, 0.75, [](auto& d) { return d.input.sizes.size() >= 5; }},
      {"offset", 0.001, 0.75, [](auto& d) { return d.input.offset > 0; }},
      {"not contiguous", 0.001, 0.75,
       [](auto& d) { return !engine::is_contiguous(d.input.sizes, d.input.strides); }},
      {"overlapping", 0.001, 0.75,
       [](auto& d) { return engine::may_overlap(d.input.sizes, d.input.strides); }},
      {"complex", 0.001, 0.75, [](auto& d) { return engine::is_complex(d.storage.dtype); }},
      {"half", 0.001, 0.75,
       [](auto& d) { return engine::class_of(d.storage.dtype) == engine::DTypeClass::half; }},
      {"edge values", 0.001, 0.75, [](auto& d) { return d.storage.rule == corpora::FillRule::wild; }},
      {"shared storage", 0.001, 0.75, [](auto& d) { return d.shared; }},
  });
  expect_shares(drawn, {rows.begin(), rows.end()});
}

struct Mutated {
  Case before, after;
};

// As many as before, and not all with the same `of`.
template <class T, class Of>
bool differ(const std::vector<T>& before, const std::vector<T>& after, Of of) {
  return before.size() == after.size() && !std::ranges::equal(before, after, {}, of, of);
}

// A mutation that mostly began anew, or mostly changed nothing, would not guide a fuzzer.
TEST(Mutation, MostlyChangesAPartAndKeepsTheRest) {
  std::vector<Mutated> mutated;
  for (uint64_t index = 0; index < 4000; ++index) {
    corpora::PhiloxChoices choices(6, 0, index);
    const Case c = corpora::draw(engine_supply(), choices);
    mutated.push_back({c, corpora::mutate(c, engine_supply(), choices)});
  }
  const auto rows = std::to_array<Share<Mutated>>({
      {"any change", 0.95, 1, [](auto& m) { return m.before != m.after; }},
      {"another operator", 0.01, 0.2,
       [](auto& m) { return m.before.calls.back().op != m.after.calls.back().op; }},
      {"as many storages", 0.5, 0.99,
       [](auto& m) { return m.before.storages.size() == m.after.storages.size(); }},
      {"another program", 0.01, 0.5, [](auto& m) { return m.before.program != m.after.program; }},
      {"another path", 0.01, 0.5, [](auto& m) { return m.before.header.path != m.after.header.path; }},
      {"more or fewer calls", 0.01, 0.5,
       [](auto& m) { return m.before.calls.size() != m.after.calls.size(); }},
      {"other arguments", 0.01, 0.5,
       [](auto& m) { return m.before.calls.back().arguments != m.after.calls.back().arguments; }},
      {"dtype", 0.01, 0.5,
       [](auto& m) { return differ(m.before.storages, m.after.storages, &corpora::Storage::dtype); }},
      {"fill rule", 0.01, 0.5,
       [](auto& m) { return differ(m.before.storages, m.after.storages, &corpora::Storage::rule); }},
      {"sizes", 0.01, 0.5,
       [](auto& m) { return differ(m.before.inputs, m.after.inputs, &corpora::Input::sizes); }},
      {"rank", 0.01, 0.5,
       [](auto& m) {
         return differ(m.before.inputs, m.after.inputs, [](auto& input) { return input.sizes.size(); });
       }},
      {"strides", 0.01, 0.5,
       [](auto& m) { return differ(m.before.inputs, m.after.inputs, &corpora::Input::strides); }},
  });
  expect_shares(mutated, {rows.begin(), rows.end()});
}

// A few operators and domains that no library and no data file changes, so that only a change of drawing, or
// a compiler that computes something else, changes what is drawn.
const corpora::Catalog small_catalog = corpora::catalog_of(
    {"t::unary(Tensor self) -> Tensor", "t::binary(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor",
     "t::binary_(Tensor(a!) self, Tensor other) -> Tensor(a!)",
     "t::unary.out(Tensor self, *, Tensor(a!) out) -> Tensor(a!)",
     "t::reduce(Tensor self, int[1]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor",
     "t::cat(Tensor[] tensors, int dim=0) -> Tensor",
     "t::opt(Tensor self, Tensor? weight=None, float eps=0.5, str mode=\"a\") -> Tensor",
     "t::mm(Tensor self, Tensor mat2) -> Tensor", "t::index(Tensor self, Tensor index) -> Tensor",
     "aten::clone(Tensor self) -> Tensor",
     "aten::transpose.int(Tensor(a) self, int dim0, int dim1) -> Tensor(a)"});

TEST(Drawing, FixedSeedDrawsTheRecordedCases) {
  const auto domains = corpora::Domains::parse(
      "* : dim = dim\n"
      "t::mm : self = tensor(N, K) ; mat2 = tensor(K, M)\n"
      "t::index : self = tensor(N, M) ; index = tensor(_) i64 below(N) ; let N = 1..5\n"
      "t::opt : weight = tensor(S...)? ; eps = 0.0..1.0 ; mode = \"a\" | \"b\"\n",
      "golden.domains");
  const auto& operators = small_catalog.operators();
  std::string text;
  for (uint64_t index = 0; index < 2000; ++index) {
    const size_t op = index % operators.size();
    corpora::PhiloxChoices choices(5, op, index);
    text += corpora::to_text(corpora::draw(small_catalog, operators[op], domains, choices));
  }
  // If drawing is to change, take the number that the failure prints, and write in CHANGELOG.md that seeds
  // draw different cases. If it is not, the change makes every recorded seed and index invalid.
  EXPECT_EQ(fmt::format("{:016x}", XXH3_64bits(text.data(), text.size())), "b881dd49e24c264c");
}

}  // namespace
