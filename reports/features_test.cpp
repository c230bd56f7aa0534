#include "reports/features.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <array>

#include "corpora/case/schema_catalog.h"
#include "corpora/case/text.h"
#include "reports/counterfactual.h"

namespace reports {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

const corpora::Catalog& catalog() {
  static const corpora::Catalog small = corpora::catalog_of(
      {"a::unary(Tensor self) -> Tensor", "a::binary(Tensor self, Tensor other) -> Tensor",
       "a::list(Tensor[] tensors) -> Tensor", "a::optional(Tensor self, Tensor? weight) -> Tensor",
       "a::out(Tensor self, *, Tensor(a!) out) -> Tensor(a!)"});
  return small;
}

std::vector<std::string> features(const std::string& body, oracles::Kind kind,
                                  const std::string& path = "direct", const oracles::Divergence& more = {}) {
  const corpora::Case c = corpora::parse_case("faultline case 1\n" + body, "case");
  oracles::Verdict verdict;
  verdict.judgement = oracles::Judgement::differ;
  verdict.divergence = more;
  verdict.divergence.kind = kind;
  verdict.right = corpora::parse_path(path);
  return features_of(c, verdict, catalog());
}

constexpr const char* plain = "storage s0 f32[2] zeros\ninput t0 s0 sizes [2] strides [1] offset 0\n";

TEST(Features, PlainCaseHasNoFeature) {
  EXPECT_THAT(features(std::string(plain) + "call r0 a::unary(t0)\n", oracles::Kind::value), IsEmpty());
}

TEST(Features, DifferenceOfZerosIsNamedBySign) {
  const std::string body = std::string(plain) + "call r0 a::unary(t0)\n";
  const auto differing = [&](engine::DType dtype, std::array<float, 2> left, std::array<float, 2> right) {
    oracles::Divergence divergence;
    const auto shown = [&](const std::array<float, 2>& parts) {
      return oracles::side_showing(
          oracles::Element::at(dtype, reinterpret_cast<const std::byte*>(parts.data())));
    };
    divergence.left = shown(left);
    divergence.right = shown(right);
    return features(body, oracles::Kind::value, "direct", divergence);
  };
  using engine::DType;
  EXPECT_THAT(differing(DType::f32, {-0.0F}, {0}), ElementsAre("differs:sign-of-zero"));
  EXPECT_THAT(differing(DType::c64, {0, -0.0F}, {-0.0F, 0}), ElementsAre("differs:sign-of-zero"));
  EXPECT_THAT(differing(DType::f32, {-1}, {1}), IsEmpty());
  EXPECT_THAT(differing(DType::c64, {0, -0.0F}, {0, 1}), IsEmpty());
}

TEST(Features, WithAPeerConversionsAreFeatures) {
  const std::string written =
      std::string(plain) + "storage s1 i64[2] zeros\ninput t1 s1 sizes [2] strides [1] offset 0\n";
  EXPECT_THAT(features(written + "call r0 a::out(t0, t1)\n", oracles::Kind::value, "peer"),
              ElementsAre("dtype:integer", "dtype:mixed", "written-dtype:other"));
  const std::string numbers = std::string(plain) + "call r0 a::unary(t0, 0x1p-1, 0x1p+17, dtype:i64)\n";
  EXPECT_THAT(features(numbers, oracles::Kind::sizes, "peer"),
              ElementsAre("dtype-argument:integer", "number:beyond-half", "number:fraction"));
  EXPECT_THAT(features(numbers, oracles::Kind::sizes), IsEmpty());
  const std::string earlier =
      std::string(plain) +
      "storage s1 c64[2] zeros\ninput t1 s1 sizes [2] strides [1] offset 0\ncall r0 a::unary(t1)\n";
  oracles::Divergence at_second;
  at_second.call = 1;
  EXPECT_THAT(features(earlier + "call r1 a::binary(t0, r0.0)\n", oracles::Kind::sizes, "peer", at_second),
              ElementsAre("calls:several", "dtype:complex"));
}

TEST(Features, KeyAndTransformedArgumentAreNamed) {
  const std::string two =
      std::string(plain) + "storage s1 f32[2] ones\ninput t1 s1 sizes [2] strides [1] offset 0\n";
  EXPECT_THAT(features(two + "call r0 a::binary(t0, t1)\n", oracles::Kind::strides, "zero(0)"),
              ElementsAre("key:ZeroTensor"));
  EXPECT_THAT(features(two + "call r0 a::binary(t0, t1)\n", oracles::Kind::strides, "neg(1)"),
              ElementsAre("key:Negative", "position:other"));
  EXPECT_THAT(features(two + "call r0 a::list([t0, t1])\n", oracles::Kind::strides, "conj(1)"),
              ElementsAre("key:Conjugate", "position:list"));
  EXPECT_THAT(features(two + "call r0 a::optional(t0, t1)\n", oracles::Kind::strides, "zero(1)"),
              ElementsAre("key:ZeroTensor", "position:optional"));
  EXPECT_THAT(features(two + "call r0 a::out(t0, t1)\n", oracles::Kind::strides, "neg(1)"),
              ElementsAre("key:Negative", "position:written"));
}

TEST(Features, LayoutsAreNamed) {
  const auto layout = [](const std::string& input, const std::string& call = "a::unary(t0)") {
    return features("storage s0 f32[6] zeros\ninput t0 s0 " + input + "\ncall r0 " + call + "\n",
                    oracles::Kind::strides);
  };
  EXPECT_THAT(layout("sizes [2, 3] strides [1, 2] offset 0"), ElementsAre("layout:strided"));
  EXPECT_THAT(layout("sizes [2, 3] strides [0, 1] offset 0"), ElementsAre("layout:expanded"));
  EXPECT_THAT(layout("sizes [2, 3] strides [1, 1] offset 1"),
              ElementsAre("layout:offset", "layout:overlapping"));
  EXPECT_THAT(layout("sizes [1, 3] strides [7, 1] offset 0"), IsEmpty())
      << "strides of dimensions of size 1 do not count";
  EXPECT_THAT(layout("sizes [2, 3] strides [1, 2] offset 0", "a::out(t0, t0)"),
              ElementsAre("layout:strided", "written-layout:strided"));
}

TEST(Features, ValuesAndDtypesAreNamedIfTheKindDependsOnValues) {
  const std::string body =
      "storage s0 bf16[3] values { inf nan -0x0p+0 }\n"
      "input t0 s0 sizes [3] strides [1] offset 0\ncall r0 a::unary(t0)\n";
  EXPECT_THAT(features(body, oracles::Kind::value),
              ElementsAre("dtype:half", "values:inf", "values:nan", "values:negative-zero"));
  EXPECT_THAT(features(body, oracles::Kind::strides), IsEmpty());
  const auto of_halves = [](const std::string& number) {
    return features("storage s0 f16[1] values { " + number +
                        " }\ninput t0 s0 sizes [1] strides [1] offset 0\ncall r0 a::unary(t0)\n",
                    oracles::Kind::value);
  };
  EXPECT_THAT(of_halves("-0x1.ff8p-15"), ElementsAre("dtype:half", "values:subnormal"));
  EXPECT_THAT(of_halves("-0x1p-14"), ElementsAre("dtype:half"));
  const std::string unseen =
      "storage s0 f32[3] values { 0x0p+0 inf nan }\n"
      "input t0 s0 sizes [1] strides [1] offset 0\ncall r0 a::unary(t0)\n";
  EXPECT_THAT(features(unseen, oracles::Kind::value), IsEmpty()) << "no view contains those elements";
}

TEST(Features, ErrorIsNamedByItsMessage) {
  oracles::Divergence d;
  d.right = oracles::side_that(oracles::End::raised,
                               "expected 3 dims but tensor [2, 3] of aten::foo has 2; \"x\" is bad");
  d.right.error_class = "RuntimeError";
  const auto found = features(std::string(plain) + "call r0 a::unary(t0)\n", oracles::Kind::error, "meta", d);
  EXPECT_THAT(found, Contains("raises:right"));
  EXPECT_THAT(found, Contains("key:Meta"));
  EXPECT_THAT(found, Contains("message:runtimeerror expected dims but tensor of has is"));
  EXPECT_THAT(found, Not(Contains("raises:left")));
}

TEST(Features, FormAndStateOfTheOutAreNamed) {
  using oracles::OutState;
  const auto of_form = [](OutState state, const char* op, int signal = 0) {
    oracles::Divergence d;
    d.form = state;
    d.op = op;
    d.right.signal = signal;
    if (signal) d.right.end = oracles::End::crashed;
    return features(std::string(plain) + "call r0 a::unary(t0)\n",
                    signal ? oracles::Kind::crash : oracles::Kind::sizes, "form(1)", d);
  };
  EXPECT_THAT(of_form(OutState::none, "a::unary_"), ElementsAre("form:in-place"));
  EXPECT_THAT(of_form(OutState::transposed, "a::unary.out"), ElementsAre("out:transposed"));
  EXPECT_THAT(of_form(OutState::exact, "a::unary.out"), IsEmpty());
  EXPECT_THAT(of_form(OutState::transposed, "a::unary.out", SIGSEGV), ElementsAre("signal:SIGSEGV"))
      << "a death has one cause, whatever the state of its out";
}

TEST(Features, PlaceAndSideThatMustRaiseAreNamed) {
  oracles::Divergence d;
  d.place = {oracles::Part::input, 0};
  EXPECT_THAT(features(std::string(plain) + "call r0 a::unary(t0)\n", oracles::Kind::sizes, "direct", d),
              ElementsAre("in:input"));
  oracles::Divergence must;
  must.left = oracles::side_that(oracles::End::must_raise, "a reason in Faultline's own words");
  EXPECT_THAT(features(std::string(plain) + "call r0 a::unary(t0)\n", oracles::Kind::error, "direct", must),
              ElementsAre("raises:left"));
}

corpora::Case empty_case() {
  return corpora::parse_case(
      "faultline case 1\npath zero(1)\n"
      "storage s0 f32[0] zeros\nstorage s1 f32[1] zeros\n"
      "input t0 s0 sizes [0] strides [1] offset 0\ninput t1 s1 sizes [] strides [] offset 0\n"
      "call r0 a::binary(t0, t0)\n",
      "case");
}

TEST(Counterfactual, FeatureThatTheFailureDoesNotNeedIsDropped) {
  corpora::Case c = empty_case();
  c.inputs.pop_back();
  const std::vector<std::string> all{"position:other", "shape:empty", "values:nan"};
  std::vector<corpora::Case> tried;
  const auto always = [&](const corpora::Case& other) {
    tried.push_back(other);
    return true;
  };
  EXPECT_THAT(features_that_matter(all, c, always), ElementsAre("values:nan"));
  ASSERT_EQ(tried.size(), 2U);
  EXPECT_EQ(corpora::to_string(tried[0].header.path), "zero(0)");
  EXPECT_EQ(tried[1].inputs[0].sizes, engine::Dims{2});
  for (const corpora::Case& other : tried) EXPECT_EQ(corpora::fault_of(other), "");
  EXPECT_THAT(features_that_matter(all, c, [](const corpora::Case&) { return false; }),
              testing::ElementsAreArray(all));
}

}  // namespace
}  // namespace reports
