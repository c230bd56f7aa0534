#include "reports/mistakes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "corpora/case/text.h"
#include "engine/core/shape.h"
#include "reports/fingerprint.h"

namespace reports {
namespace {

using corpora::Case;
using oracles::Kind;
using oracles::Verdict;

const std::string strided_input = "input t0 s0 sizes [2, 2] strides [1, 2] offset 0\n";
const std::string plain_input = "input t0 s0 sizes [2, 2] strides [2, 1] offset 0\n";

Case case_of(const std::string& input, const std::string& path, const std::string& dtype = "f32") {
  return corpora::parse_case(
      "faultline case 1\nsubject torch\noracle zero\n" + (path.empty() ? "" : "path " + path + "\n") +
          "expect differ value\nstorage s0 " + dtype + "[4] iota\n" + input + "call r0 test::op(self=t0)\n",
      "test");
}

Finding found_by(const std::string& oracle, Kind kind, std::vector<std::string> features,
                 const std::string& input, const std::string& left, const std::string& right) {
  Finding f;
  f.signature = {"torch", oracle, "test::op", kind};
  f.features = std::move(features);
  f.minimal = case_of(input, right);
  f.verdict.left = corpora::parse_path(left.empty() ? "direct" : left);
  f.verdict.right = f.minimal.header.path;
  f.verdict.divergence =
      oracles::divergence_of(kind, {oracles::Part::result, 0}, oracles::Side{}, oracles::Side{});
  f.verdict.divergence.op = "test::op";
  f.fingerprint = fingerprint_of(f.signature, f.features);
  return f;
}

Finding layout_value() {
  return found_by("layout", Kind::value, {"layout:strided"}, strided_input, "contiguous", "");
}
Finding neg_value(const std::string& input) {
  return found_by("neg", Kind::value, {"key:Negative", "layout:strided"}, input, "", "neg(0)");
}

// The operator under test: what its mistakes are decides the verdicts.
struct Operator {
  bool ignores_strides = false, ignores_neg = false, meta_is_wrong = false, writes_input = false;
  mutable int experiments = 0;

  bool differs(const Case& c, const std::string& oracle) const {
    const bool is_strided = std::ranges::any_of(c.inputs, [](const corpora::Input& input) {
      return !engine::is_contiguous(input.sizes, input.strides);
    });
    if (oracle == "layout") return is_strided && ignores_strides;
    if (oracle == "neg") return ignores_neg || writes_input || (is_strided && ignores_strides);
    if (oracle == "zero") return writes_input || (is_strided && ignores_strides);
    if (oracle == "determinism") return false;
    if (oracle == "schema") return writes_input;
    return oracle == "meta" && meta_is_wrong;
  }

  Verdict judge(const Case& c, const std::string& oracle) const {
    ++experiments;
    Verdict verdict;
    if (!differs(c, oracle)) return verdict;
    const Kind kind = oracle == "meta" ? Kind::dtype : writes_input ? Kind::mutation : Kind::value;
    verdict.judgement = oracles::Judgement::differ;
    verdict.divergence = oracles::divergence_of(kind, {}, oracles::Side{}, oracles::Side{});
    verdict.divergence.op = "test::op";
    verdict.reach = oracles::Reach::fallback;
    return verdict;
  }

  // The oracles of each mistake, the primary first.
  std::vector<std::vector<std::string>> gather(std::vector<Finding> findings,
                                               const std::vector<std::vector<size_t>>& together = {}) const {
    std::vector<const Finding*> pointers;
    for (const Finding& f : findings) pointers.push_back(&f);
    const auto mistakes =
        mistakes_of(pointers, together, [&](const Case& c, const std::string& o) { return judge(c, o); });
    std::vector<std::vector<std::string>> oracles;
    for (const Mistake& mistake : mistakes) {
      oracles.push_back({findings[mistake.primary].signature.oracle});
      for (const size_t i : mistake.also) oracles.back().push_back(findings[i].signature.oracle);
    }
    std::ranges::sort(oracles);
    return oracles;
  }
};

using Oracles = std::vector<std::string>;
using testing::ElementsAre;

TEST(Mistakes, KernelThatIgnoresStridesIsOne) {
  const Operator op{.ignores_strides = true};
  const Finding expanded = found_by("determinism", Kind::nondeterminism, {"layout:expanded", "uninitialised"},
                                    "input t0 s0 sizes [2, 2] strides [0, 1] offset 0\n", "", "");
  Finding zero =
      found_by("zero", Kind::value, {"key:ZeroTensor", "uninitialised"}, plain_input, "zeros(0)", "zero(0)");
  zero.verdict.divergence.uninitialised = true;
  EXPECT_THAT(op.gather({zero, neg_value(strided_input), expanded, layout_value()}),
              ElementsAre(Oracles{"layout", "determinism", "neg", "zero"}));
}

TEST(Mistakes, IndependentMistakesOnOneOperatorStayApart) {
  const Operator op{.ignores_strides = true, .ignores_neg = true, .meta_is_wrong = true};
  const Finding neg = found_by("neg", Kind::value, {"key:Negative"}, plain_input, "", "neg(0)");
  const Finding meta = found_by("meta", Kind::dtype, {"key:Meta"}, plain_input, "", "meta");
  const Finding strided_meta =
      found_by("meta", Kind::strides, {"key:Meta", "layout:strided"}, strided_input, "", "meta");
  EXPECT_THAT(op.gather({neg, meta, strided_meta, layout_value()}),
              ElementsAre(Oracles{"layout"}, Oracles{"meta"}, Oracles{"meta"}, Oracles{"neg"}));
}

TEST(Mistakes, UndeclaredWriteExplainsWritesBelowFallbacksButNotMeta) {
  const Operator op{.meta_is_wrong = true, .writes_input = true};
  const Finding schema = found_by("schema", Kind::mutation, {"in:input"}, plain_input, "", "");
  const Finding neg =
      found_by("neg", Kind::mutation, {"in:input", "key:Negative"}, plain_input, "", "neg(0)");
  const Finding meta = found_by("meta", Kind::dtype, {"key:Meta"}, plain_input, "", "meta");
  EXPECT_THAT(op.gather({neg, meta, schema}), ElementsAre(Oracles{"meta"}, Oracles{"schema", "neg"}));
}

TEST(Mistakes, MissingWriteExplainsVersionsBelowFallbacks) {
  const Operator op;
  Finding schema = found_by("schema", Kind::mutation, {"calls:several", "in:input"}, plain_input, "", "");
  schema.verdict.divergence.left.shown = oracles::Change::values;
  schema.verdict.divergence.right.shown = oracles::Change::none;
  const Finding conj =
      found_by("conj", Kind::version, {"in:input", "key:Conjugate"}, plain_input, "", "conj(0)");
  const Finding value = found_by("conj", Kind::value, {"key:Conjugate"}, plain_input, "", "conj(0)");
  EXPECT_THAT(op.gather({conj, schema, value}), ElementsAre(Oracles{"conj"}, Oracles{"schema", "conj"}));
}

TEST(Mistakes, OneOraclesFindingsWithTheSameNeedsAreOne) {
  const Operator op;
  const Finding expanded =
      found_by("layout", Kind::value, {"layout:expanded"}, strided_input, "contiguous", "");
  const Finding nan = found_by("layout", Kind::nan_pattern, {"layout:strided", "values:nan"}, strided_input,
                               "contiguous", "");
  const Finding offset = found_by("layout", Kind::value, {"layout:offset"}, strided_input, "contiguous", "");
  EXPECT_THAT(op.gather({nan, expanded, layout_value(), offset}),
              ElementsAre(Oracles{"layout"}, Oracles{"layout", "layout", "layout"}))
      << "an ignored offset is a different mistake than ignored strides";
}

TEST(Mistakes, OneCaseThatShowsTwoKindsOfMetadataMakesThemOne) {
  const Operator op;
  const auto with_results = [](Finding f, engine::DType dtype, const engine::Dims& sizes) {
    oracles::TensorSnapshot left, right;
    left.sizes = {2, 2};
    right.dtype = dtype;
    right.sizes = sizes;
    f.verdict.divergence.left.whole = {oracles::result_of(left)};
    f.verdict.divergence.right.whole = {oracles::result_of(right)};
    return f;
  };
  const Finding dtype = found_by("meta", Kind::dtype, {"dtype:integer", "key:Meta"}, plain_input, "", "meta");
  const Finding sizes = with_results(found_by("meta", Kind::sizes, {"key:Meta"}, plain_input, "", "meta"),
                                     engine::DType::f32, {2});
  EXPECT_THAT(op.gather({with_results(dtype, engine::DType::i64, {2}), sizes}),
              ElementsAre(Oracles{"meta", "meta"}));
  EXPECT_THAT(op.gather({with_results(dtype, engine::DType::i64, {2, 2}), sizes}),
              ElementsAre(Oracles{"meta"}, Oracles{"meta"}));
}

TEST(Mistakes, ACopyInsteadOfAViewExplainsLazyBitsThatItLacks) {
  const Operator op;
  const auto outputs_with = [](int32_t storage) {
    Finding f = found_by("meta", Kind::outputs, {"key:Meta"}, plain_input, "", "meta");
    oracles::TensorSnapshot left, right;
    left.storage = storage;
    right.storage = 0;
    f.verdict.divergence.left.whole = {oracles::result_of(left)};
    f.verdict.divergence.right.whole = {oracles::result_of(right)};
    return f;
  };
  const Finding alias = found_by("meta", Kind::alias, {"key:Meta"}, plain_input, "", "meta");
  EXPECT_THAT(op.gather({outputs_with(1), alias}), ElementsAre(Oracles{"meta", "meta"}));
  EXPECT_THAT(op.gather({outputs_with(0), alias}), ElementsAre(Oracles{"meta"}, Oracles{"meta"}));
}

TEST(Mistakes, UnexplainedFindingIsThePrimary) {
  const Operator op{.ignores_strides = true};
  Finding known = layout_value();
  known.known = "entry";
  EXPECT_THAT(op.gather({known, neg_value(strided_input)}), ElementsAre(Oracles{"neg", "layout"}));
}

TEST(Mistakes, FindingsThatAnEarlierRunGatheredStayTogether) {
  const Operator op;
  const std::vector<Finding> findings{layout_value(), neg_value(plain_input)};
  EXPECT_THAT(op.gather(findings), ElementsAre(Oracles{"layout"}, Oracles{"neg"}));
  EXPECT_THAT(op.gather(findings, {{0, 1}}), ElementsAre(Oracles{"layout", "neg"}));
}

TEST(Mistakes, NumberOfExperimentsIsLimited) {
  const Operator op{.ignores_strides = true};
  std::vector<Finding> findings{layout_value()};
  for (int i = 0; i < 300; ++i) {
    Finding neg = neg_value("input t0 s0 sizes [2] strides [1] offset " + std::to_string(i % 3) + "\n");
    neg.minimal.storages[0].rng_seed = static_cast<uint64_t>(i);
    neg.features.push_back("shape:" + std::to_string(i));
    neg.fingerprint = fingerprint_of(neg.signature, neg.features);
    findings.push_back(neg);
  }
  op.gather(findings);
  EXPECT_LE(op.experiments, 400);
}

}  // namespace
}  // namespace reports
