#include <gtest/gtest.h>

#include <algorithm>

#include "corpora/case/text.h"
#include "oracles/checks.h"
#include "oracles/relations/forms.h"
#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

using corpora::LayerKind;

constexpr std::string_view functional = "aten::op(Tensor self) -> Tensor";
constexpr std::string_view in_place = "aten::op_(Tensor(a!) self) -> Tensor(a!)";
constexpr std::string_view out_form = "aten::op.out(Tensor self, *, Tensor(a!) out) -> Tensor(a!)";

std::vector<std::string> form_names(std::initializer_list<std::string_view> schemas, const std::string& of) {
  const ScriptedSubject subject(schemas, nullptr);
  std::vector<std::string> names;
  for (const Form& form : other_forms(subject.catalog(), *subject.catalog().find(of)))
    names.push_back(form.op->name + " " + std::string(name_of(form.state)));
  return names;
}

TEST(Forms, AreFoundByNameAndTypes) {
  const auto names = form_names(
      {functional, in_place, out_form,
       "aten::op.Scalar_out(Tensor self, Scalar x, *, Tensor(a!) out) -> Tensor(a!)",
       "aten::op_relu(Tensor self) -> Tensor", "aten::opt.out(Tensor self, *, Tensor(a!) out) -> Tensor(a!)"},
      "aten::op");
  EXPECT_EQ(names,
            (std::vector<std::string>{"aten::op.out exact", "aten::op.out strided", "aten::op.out transposed",
                                      "aten::op.out empty", "aten::op.out wider", "aten::op.out narrower",
                                      "aten::op.out shared", "aten::op.out overlapping", "aten::op_ none"}));
}

TEST(Forms, AFactorysOutTakesItsOptions) {
  const auto names = form_names({"aten::ones(int[] size, *, ScalarType? dtype=None, Layout? layout=None, "
                                 "Device? device=None, bool? pin_memory=None) -> Tensor",
                                 "aten::ones.out(int[] size, *, Tensor(a!) out) -> Tensor(a!)"},
                                "aten::ones");
  EXPECT_EQ(names, (std::vector<std::string>{"aten::ones.out exact", "aten::ones.out strided",
                                             "aten::ones.out transposed", "aten::ones.out empty"}));
}

TEST(Forms, WrittenOperatorsHaveNoOtherForm) {
  EXPECT_TRUE(form_names({functional, in_place, out_form}, "aten::op_").empty());
  EXPECT_TRUE(form_names({functional, in_place, out_form}, "aten::op.out").empty());
}

TEST(Forms, SeveralOutsStandForSeveralResults) {
  EXPECT_EQ(
      form_names({"aten::two(Tensor self) -> (Tensor, Tensor)",
                  "aten::two.out(Tensor self, *, Tensor(a!) x, Tensor(b!) y) -> (Tensor(a!), Tensor(b!))",
                  "aten::two.one(Tensor self, *, Tensor(a!) x) -> Tensor(a!)"},
                 "aten::two")
          .size(),
      8u);
}

// The functional form doubles; `faulty` may change what an other form leaves in its out (input 1, or 0 in
// place).
struct Doubling {
  std::function<void(CallOutcome&, TensorSnapshot& out)> faulty = [](CallOutcome&, TensorSnapshot&) {};

  Outcome operator()(const corpora::Case& c, const corpora::Image&, const corpora::Path&) const {
    const corpora::Call& call = c.calls.back();
    std::vector<float> doubled;
    for (int64_t i = 0; i < c.storages[0].elements; ++i) doubled.push_back(static_cast<float>(2 * i));
    if (call.op == "aten::op") return outcome_of({returning({f32_tensor(c.inputs[0].sizes, doubled)})});
    const int32_t out_input = call.arguments.back().tensor.index;
    const corpora::Input& view = c.inputs[static_cast<size_t>(out_input)];
    TensorSnapshot out = f32_tensor(c.inputs[0].sizes, doubled, view.storage);
    if (!view.sizes.empty() && view.sizes[0] != 0) out.strides = view.strides;
    out.offset = view.offset;
    out.same_as_input = out_input;
    CallOutcome made;
    faulty(made, out);
    made.results.push_back(result_of(out));
    made.changes.insert(made.changes.begin(), {out_input, true, false, 1, out});
    return outcome_of({made});
  }
};

Verdict checked(const Doubling& run, int32_t form, int64_t elements = 4) {
  ScriptedSubject subject({functional, in_place, out_form}, run);
  corpora::Case c = case_of("aten::op", 1, elements);
  c.header.path = {{LayerKind::form, form}};
  Trial trial(subject, c);
  return check_variants(trial);
}

// Numbers of form(n), in the order that other_forms gives.
enum {
  exact = 0,
  strided = 1,
  transposed = 2,
  empty = 3,
  wider = 4,
  narrower = 5,
  shared = 6,
  overlapping = 7,
  self = 8
};

TEST(VariantsOracle, RightFormsAgree) {
  for (int form : {exact, strided, empty, self}) {
    const Verdict verdict = checked({}, form);
    EXPECT_EQ(verdict.judgement, Judgement::agree) << form << verdict.why << name_of(verdict.divergence.kind);
    EXPECT_TRUE(verdict.right_case.empty());
  }
  EXPECT_EQ(checked({}, transposed).judgement, Judgement::refused) << "of rank 1 there is no transposed out";
  EXPECT_EQ(checked({}, 99).judgement, Judgement::refused);
}

TEST(VariantsOracle, WrongValuesInAStridedOutDifferAndCarryTheProgram) {
  Doubling wrong;
  wrong.faulty = [](CallOutcome&, TensorSnapshot& out) { out.values[5] ^= std::byte{0x40}; };
  const Verdict verdict = checked(wrong, strided);
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.op, "aten::op.out");
  EXPECT_EQ(corpora::to_string(verdict.right), "form(1)");
  const corpora::Case program = corpora::parse_case(verdict.right_case, "right");
  EXPECT_EQ(program.calls.back().op, "aten::op.out");
  EXPECT_EQ(program.inputs[1].strides, (engine::Dims{2}));
}

TEST(VariantsOracle, MemoryBetweenElementsStays) {
  Doubling spills;
  spills.faulty = [](CallOutcome& call, TensorSnapshot&) {
    call.changes.push_back({2, true, false, 1, f32_tensor({9}, std::vector<float>(9, 77.0f), 1)});
  };
  EXPECT_EQ(checked(spills, strided).divergence.kind, Kind::mutation);
  EXPECT_EQ(checked(spills, exact).judgement, Judgement::agree) << "only a strided out has surroundings";
}

TEST(VariantsOracle, AnOutKeepsItsGeometryAndIsReturned) {
  Doubling moves, copies;
  moves.faulty = [](CallOutcome&, TensorSnapshot& out) { out.offset += 1; };
  EXPECT_EQ(checked(moves, exact).divergence.kind, Kind::strides);
  copies.faulty = [](CallOutcome&, TensorSnapshot& out) { out.same_as_input = -1; };
  EXPECT_EQ(checked(copies, exact).divergence.kind, Kind::identity);
}

TEST(VariantsOracle, AnErrorOfTheOtherFormDiffers) {
  const auto form_raises = [](const corpora::Case& c, const corpora::Image& image,
                              const corpora::Path& path) {
    return c.calls.back().op == "aten::op" ? Doubling()(c, image, path)
                                           : outcome_of({raising("step must be nonzero")});
  };
  ScriptedSubject subject({functional, in_place, out_form}, form_raises);
  const auto with = [&](int form) {
    corpora::Case c = case_of("aten::op", 1);
    c.header.path = {{LayerKind::form, form}};
    Trial trial(subject, c);
    return check_variants(trial);
  };
  EXPECT_EQ(with(exact).divergence.kind, Kind::error);
  EXPECT_EQ(with(self).divergence.kind, Kind::error);
  EXPECT_EQ(with(wider).judgement, Judgement::incomparable) << "a form may ask for the exact dtype";
  EXPECT_EQ(with(narrower).judgement, Judgement::agree) << "what cannot be cast is refused";
}

TEST(VariantsOracle, AnOutThatCannotHoldTheResultIsRefusedAndLeftAlone) {
  EXPECT_EQ(checked({}, narrower).divergence.kind, Kind::error) << "it was accepted";
  const auto spoils = [](const corpora::Case& c, const corpora::Image& image, const corpora::Path& path) {
    if (c.calls.back().op == "aten::op") return Doubling()(c, image, path);
    CallOutcome call = raising("cannot cast");
    call.changes.push_back({1, true, false, 1, f32_tensor({1}, {0}, 1)});
    return outcome_of({call});
  };
  ScriptedSubject subject({functional, out_form}, spoils);
  corpora::Case c = case_of("aten::op", 1);
  c.header.path = {{LayerKind::form, narrower}};
  Trial trial(subject, c);
  EXPECT_EQ(check_variants(trial).divergence.kind, Kind::mutation);
}

TEST(VariantsOracle, AnOutOverAnArgumentComputesTheSameOrIsRefused) {
  for (int form : {shared, overlapping}) {
    const Verdict right = checked({}, form);
    EXPECT_EQ(right.judgement, Judgement::agree) << form << right.why << name_of(right.divergence.kind);
    Doubling wrong;
    wrong.faulty = [](CallOutcome&, TensorSnapshot& out) { out.values[5] ^= std::byte{0x40}; };
    const Verdict verdict = checked(wrong, form);
    EXPECT_EQ(verdict.divergence.kind, Kind::value) << form;
    const corpora::Case program = corpora::parse_case(verdict.right_case, "right");
    const auto& arguments = program.calls.back().arguments;
    const corpora::Input& self_view = program.inputs[static_cast<size_t>(arguments[0].tensor.index)];
    const corpora::Input& out_view = program.inputs[static_cast<size_t>(arguments[1].tensor.index)];
    EXPECT_EQ(self_view.storage, out_view.storage);
    EXPECT_EQ(out_view.offset - self_view.offset, form == shared ? 0 : 1);

    ScriptedSubject refuses({functional, in_place, out_form}, [](const auto& c, auto& image, auto& path) {
      return c.calls.back().op == "aten::op" ? Doubling()(c, image, path)
                                             : outcome_of({raising("refer to a single memory location")});
    });
    corpora::Case c = case_of("aten::op", 1, 4);
    c.header.path = {{LayerKind::form, form}};
    Trial trial(refuses, c);
    EXPECT_EQ(check_variants(trial).judgement, Judgement::agree) << form;
  }
}

TEST(VariantsOracle, AnArgumentThatOthersSeeIsNoOut) {
  const auto schema = "aten::g(Tensor self, Tensor b) -> Tensor";
  ScriptedSubject subject(
      {schema, "aten::g.out(Tensor self, Tensor b, *, Tensor(a!) out) -> Tensor(a!)"},
      [](auto&, auto&, auto&) { return outcome_of({returning({f32_tensor({3}, {1, 1, 1})})}); });
  corpora::Case c = case_of("aten::g", 2);
  c.inputs[1].storage = 0;
  c.header.path = {{LayerKind::form, shared}};
  Trial trial(subject, c);
  EXPECT_EQ(check_variants(trial).why, "no argument is like the result");
}

TEST(VariantsOracle, AFunctionalFormThatRaisesIsRefused) {
  ScriptedSubject subject({functional, in_place},
                          [](auto&, auto&, auto&) { return outcome_of({raising("no")}); });
  const corpora::Case c = case_of("aten::op", 1);
  Trial trial(subject, c);
  EXPECT_EQ(check_variants(trial).judgement, Judgement::refused);
}

TEST(VariantsOracle, InPlaceWorksOnAClone) {
  // Two arguments see one storage: self becomes memory of its own.
  ScriptedSubject subject(
      {"aten::f(Tensor self, Tensor b) -> Tensor", "aten::f_(Tensor(a!) self, Tensor b) -> Tensor(a!)"},
      [](const corpora::Case& c, auto&, auto&) {
        if (c.calls.back().op == "aten::f_") {
          EXPECT_EQ(c.calls.back().arguments[0].tensor.index, 2);
          EXPECT_EQ(c.inputs[2].storage, 2);
          EXPECT_EQ(c.storages[2].bytes, bytes_of<float>({0, 1, 2}));
        }
        return outcome_of({returning({f32_tensor({3}, {1, 1, 1})})});
      });
  corpora::Case c = case_of("aten::f", 2);
  c.inputs[1].storage = 0;
  Trial trial(subject, c);
  check_variants(trial);
}

}  // namespace
}  // namespace oracles
