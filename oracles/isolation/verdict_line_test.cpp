#include "oracles/isolation/verdict_line.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "corpora/case/text.h"
#include "oracles/compare/divergence_text.h"
#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

TEST(VerdictLine, ParsesToTheSameVerdict) {
  Verdict verdict;
  verdict.judgement = Judgement::differ;
  verdict.why = "why\nnot \xff";
  verdict.left = corpora::parse_path("zeros(0)");
  verdict.right = corpora::parse_path("zero(0)+typed");
  verdict.reach = Reach::fallthrough;
  verdict.worst_share = INFINITY;
  verdict.right_case = "text";
  Side left = side_showing(Element::of(-0.0));
  TensorSnapshot tensor = f32_tensor({2}, {0.5F, NAN});
  tensor.zero = true;
  Result list, plain;
  list.kind = Result::Kind::list;
  list.list = {result_of(tensor), plain};
  plain.plain = corpora::Value::of_string("a \"quoted\" word");
  left.whole = {result_of(tensor), list, plain};
  Side right = side_that(End::crashed);
  right.signal = SIGSEGV;
  right.last_output = "terminate called\n\xff";
  verdict.divergence.kind = Kind::strides;
  verdict.divergence.op = "aten::t";
  verdict.divergence.call = 2;
  verdict.divergence.place = {Part::result, 1, 2, engine::Dims{3, 4}};
  verdict.divergence.left = left;
  verdict.divergence.right = right;
  verdict.divergence.tier = Tier::t3;
  verdict.divergence.difference = 0x1.8p-30;
  verdict.divergence.bound = NAN;
  verdict.divergence.bound_reason = "because";
  verdict.divergence.form = OutState::transposed;
  verdict.divergence.uninitialised = true;
  const std::vector<Raise> raises{{{}, 0, "aten::t", "RuntimeError", "a \"message\"\nin two lines"},
                                  {verdict.right, 1, "aten::add", "IndexError", ""}};
  const std::string line = to_json_line(verdict, raises);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  std::vector<Raise> raises_back;
  const Verdict back = verdict_from_json_line(line, &raises_back);
  EXPECT_EQ(to_json_line(back, raises_back), line);
  EXPECT_EQ(raises_back, raises);
  EXPECT_EQ(back.right, verdict.right);
  EXPECT_EQ(back.divergence.difference, 0x1.8p-30);
  EXPECT_TRUE(std::isnan(back.divergence.bound));
  EXPECT_EQ(back.worst_share, INFINITY);
  EXPECT_EQ(back.divergence.place, verdict.divergence.place);
  EXPECT_EQ(back.divergence.form, OutState::transposed);
  EXPECT_EQ(back.divergence.left.whole[0].tensor.values, tensor.values);
  EXPECT_EQ(back.divergence.right.signal, SIGSEGV);
}

TEST(VerdictLine, EveryContentOfASideIsKept) {
  const std::vector<Shown> all{std::monostate{},
                               Element::of(NAN),
                               Element{engine::DType::b8, {std::byte{0xa5}}},  // uninitialised
                               engine::Dims{1, 0},
                               int64_t{-3},
                               engine::DType::c64,
                               Identity{.out = 1},
                               Identity{.storage = 2, .fresh = true},
                               LazyBits{true, false},
                               Change::geometry,
                               RequiresGrad{true},
                               Word{"cpu"},
                               Names{"k0", "k1"},
                               corpora::Value::of_complex(1, -0.0)};
  for (const Shown& shown : all) {
    Verdict verdict;
    verdict.judgement = Judgement::differ;
    verdict.divergence.left = side_showing(shown);
    const Verdict back = verdict_from_json_line(to_json_line(verdict));
    EXPECT_EQ(back.divergence.left.shown, shown) << shown.index();
  }
  EXPECT_EQ(all.back().index() + 1, std::variant_size_v<Shown>) << "a new alternative: add it above";
}

template <class Named, class Parse>
void expect_names_to_parse(Named last, Parse parse) {
  for (int i = 0; i <= static_cast<int>(last); ++i)
    EXPECT_EQ(parse(name_of(static_cast<Named>(i))), static_cast<Named>(i));
}

TEST(VerdictLine, EveryNameIsParsed) {
  expect_names_to_parse(Part::rest, part_named);
  expect_names_to_parse(End::killed, end_named);
  expect_names_to_parse(OutState::overlapping, out_state_named);
}

}  // namespace
}  // namespace oracles
