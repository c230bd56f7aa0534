#include <gtest/gtest.h>

#include <algorithm>

#include "corpora/case/text.h"
#include "oracles/oracle_checks.h"
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

TEST(Forms, OutOfAFactoryReplacesItsOptions) {
  const auto names = form_names({"aten::ones(int[] size, *, ScalarType? dtype=None, Layout? layout=None, "
                                 "Device? device=None, bool? pin_memory=None) -> Tensor",
                                 "aten::ones.out(int[] size, *, Tensor(a!) out) -> Tensor(a!)"},
                                "aten::ones");
  EXPECT_EQ(names, (std::vector<std::string>{"aten::ones.out exact", "aten::ones.out strided",
                                             "aten::ones.out transposed", "aten::ones.out empty"}));
}

TEST(Forms, InPlaceAndOutFormsHaveNoOtherForm) {
  EXPECT_TRUE(form_names({functional, in_place, out_form}, "aten::op_").empty());
  EXPECT_TRUE(form_names({functional, in_place, out_form}, "aten::op.out").empty());
}

TEST(Forms, EachResultHasAnOut) {
  EXPECT_EQ(
      form_names({"aten::two(Tensor self) -> (Tensor, Tensor)",
                  "aten::two.out(Tensor self, *, Tensor(a!) x, Tensor(b!) y) -> (Tensor(a!), Tensor(b!))",
                  "aten::two.one(Tensor self, *, Tensor(a!) x) -> Tensor(a!)"},
                 "aten::two")
          .size(),
      8u);
}

// An operator that doubles its input. `fault` may change the call, or the out, of the other forms.
struct Doubling {
  std::function<void(CallOutcome&, TensorSnapshot& out)> fault = [](CallOutcome&, TensorSnapshot&) {};

  Outcome operator()(const corpora::Case& c, const corpora::Image&, const corpora::Path&) const {
    const corpora::Call& call = c.calls.back();
    std::vector<float> doubled;
    for (int64_t i = 0; i < c.storages[0].elements; ++i) doubled.push_back(static_cast<float>(2 * i));
    if (call.op == "aten::op") return outcome_of(f32_tensor(c.inputs[0].sizes, doubled));
    const int32_t out_input = call.arguments.back().tensor.index;
    const corpora::Input& view = c.inputs[static_cast<size_t>(out_input)];
    TensorSnapshot out = f32_tensor(c.inputs[0].sizes, doubled, view.storage);
    if (!view.sizes.empty() && view.sizes[0] != 0) out.strides = view.strides;
    out.offset = view.offset;
    out.same_as_input = out_input;
    CallOutcome made;
    fault(made, out);
    made.results.push_back(result_of(out));
    made.changes.insert(made.changes.begin(), {out_input, true, false, 1, out});
    return outcome_of({made});
  }
};

Verdict checked(const ScriptedSubject::Script& run, int32_t form) {
  corpora::Case c = case_of(functional, 1, 4);
  c.header.path = {{LayerKind::form, form}};
  return run_check(check_variants, c, {functional, in_place, out_form}, run);
}

// The functional form doubles, and the other forms have this outcome.
Verdict checked_outcome(const Outcome& other_forms, int32_t form) {
  return checked(
      [=](const corpora::Case& c, const corpora::Image& image, const corpora::Path& path) {
        return c.calls.back().op == "aten::op" ? Doubling()(c, image, path) : other_forms;
      },
      form);
}

const Doubling correct;
const Doubling wrong_values{[](CallOutcome&, TensorSnapshot& out) { out.values[5] ^= std::byte{0x40}; }};

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

TEST(VariantsOracle, CorrectFormsAgree) {
  for (int form : {exact, strided, empty, self}) {
    const Verdict verdict = checked(correct, form);
    EXPECT_EQ(verdict.judgement, Judgement::agree) << form << verdict.why << name_of(verdict.divergence.kind);
    EXPECT_TRUE(verdict.right_case.empty());
  }
  EXPECT_EQ(checked(correct, transposed).judgement, Judgement::refused) << "a 1-d out has no other order";
  EXPECT_EQ(checked(correct, 99).judgement, Judgement::refused);
}

// Judges an operator whose out= form raises for an out without elements.
Judgement with_a_form_that_does_not_resize(const std::string& of) {
  const std::string schema = of + "(Tensor self) -> Tensor";
  corpora::Case c = case_of(schema, 1, 4);
  c.header.path = {{LayerKind::form, empty}};
  const auto run = [&](const corpora::Case& ran, auto&, auto&) {
    if (ran.calls.back().op == of) return outcome_of(f32_tensor({4}, {0, 0, 0, 0}));
    CallOutcome raised;
    raised.status = Status::raised;
    return outcome_of({raised});
  };
  return run_check(check_variants, c, {schema, of + ".out(Tensor self, *, Tensor(a!) out) -> Tensor(a!)"},
                   run)
      .judgement;
}

TEST(VariantsOracle, OnlyAnAuthorMayRejectAnOutOfOtherSizes) {
  EXPECT_EQ(with_a_form_that_does_not_resize("author::op"), Judgement::incomparable);
  EXPECT_EQ(with_a_form_that_does_not_resize("aten::op"), Judgement::differ);
}

// As arange of an empty range: only the number of elements decides whether the out is resized.
TEST(VariantsOracle, EmptyOutOfAnEmptyResultMustBeResized) {
  for (const bool resizes : {true, false}) {
    const auto run = [=](const corpora::Case& c, const corpora::Image&, const corpora::Path&) {
      if (c.calls.back().op == "aten::op") return outcome_of(f32_tensor({0}, {}));
      const int32_t out_input = c.calls.back().arguments.back().tensor.index;
      const corpora::Input& view = c.inputs[static_cast<size_t>(out_input)];
      EXPECT_EQ(view.sizes, (engine::Dims{0, 2}));
      CallOutcome call;
      TensorSnapshot out = f32_tensor(resizes ? engine::Dims{0} : view.sizes, {}, view.storage);
      out.same_as_input = out_input;
      call.results.push_back(result_of(out));
      call.changes.push_back({out_input, true, true, 1, out});
      return outcome_of({call});
    };
    const Verdict verdict = checked(run, empty);
    EXPECT_EQ(verdict.judgement, resizes ? Judgement::agree : Judgement::differ) << verdict.why;
    EXPECT_TRUE(resizes || verdict.divergence.kind == Kind::sizes);
  }
}

TEST(VariantsOracle, VerdictOfADivergenceHasTheRewrittenProgram) {
  const Verdict verdict = checked(wrong_values, strided);
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.op, "aten::op.out");
  EXPECT_EQ(corpora::to_string(verdict.right), "form(1)");
  const corpora::Case program = corpora::parse_case(verdict.right_case, "right");
  EXPECT_EQ(program.calls.back().op, "aten::op.out");
  EXPECT_EQ(program.inputs[1].strides, (engine::Dims{2}));
}

TEST(VariantsOracle, WriteBetweenElementsIsADivergence) {
  const Doubling spills{[](CallOutcome& call, TensorSnapshot&) {
    call.changes.push_back({2, true, false, 1, f32_tensor({9}, std::vector<float>(9, 77.0f), 1)});
  }};
  EXPECT_EQ(checked(spills, strided).divergence.kind, Kind::mutation);
  EXPECT_EQ(checked(spills, exact).judgement, Judgement::agree)
      << "only a strided out has memory between its elements";
}

TEST(VariantsOracle, OutKeepsItsGeometryAndIsReturned) {
  const Doubling moves{[](CallOutcome&, TensorSnapshot& out) { out.offset += 1; }};
  EXPECT_EQ(checked(moves, exact).divergence.kind, Kind::strides);
  const Doubling copies{[](CallOutcome&, TensorSnapshot& out) { out.same_as_input = -1; }};
  EXPECT_EQ(checked(copies, exact).divergence.kind, Kind::identity);
}

TEST(VariantsOracle, ErrorOfTheOtherFormIsADivergence) {
  const Outcome raises = outcome_of({raising("step must be nonzero")});
  EXPECT_EQ(checked_outcome(raises, exact).divergence.kind, Kind::error);
  EXPECT_EQ(checked_outcome(raises, self).divergence.kind, Kind::error);
  EXPECT_EQ(checked_outcome(raises, wider).judgement, Judgement::incomparable)
      << "a form may require the exact dtype";
  EXPECT_EQ(checked_outcome(raises, narrower).judgement, Judgement::agree) << "the result cannot be cast";
}

TEST(VariantsOracle, OutThatCannotHoldTheResultIsRejectedAndNotWritten) {
  EXPECT_EQ(checked(correct, narrower).divergence.kind, Kind::error) << "the form accepts it";
  CallOutcome writes = raising("cannot cast");
  writes.changes.push_back({1, true, false, 1, f32_tensor({1}, {0}, 1)});
  EXPECT_EQ(checked_outcome(outcome_of({writes}), narrower).divergence.kind, Kind::mutation);
}

TEST(VariantsOracle, OutOverAnArgumentHasTheSameResultOrIsRejected) {
  for (int form : {shared, overlapping}) {
    const Verdict right = checked(correct, form);
    EXPECT_EQ(right.judgement, Judgement::agree) << form << right.why << name_of(right.divergence.kind);
    const Verdict verdict = checked(wrong_values, form);
    EXPECT_EQ(verdict.divergence.kind, Kind::value) << form;
    const corpora::Case program = corpora::parse_case(verdict.right_case, "right");
    const auto& arguments = program.calls.back().arguments;
    const corpora::Input& self_view = program.inputs[static_cast<size_t>(arguments[0].tensor.index)];
    const corpora::Input& out_view = program.inputs[static_cast<size_t>(arguments[1].tensor.index)];
    EXPECT_EQ(self_view.storage, out_view.storage);
    EXPECT_EQ(out_view.offset - self_view.offset, form == shared ? 0 : 1);
    const Outcome raises = outcome_of({raising("refer to a single memory location")});
    EXPECT_EQ(checked_outcome(raises, form).judgement, Judgement::agree) << form;
  }
}

TEST(VariantsOracle, ArgumentThatSharesMemoryIsNotUsedAsOut) {
  constexpr std::string_view schema = "aten::g(Tensor self, Tensor b) -> Tensor";
  corpora::Case c = case_of(schema, 2);
  c.inputs[1].storage = 0;
  c.header.path = {{LayerKind::form, shared}};
  const Verdict verdict = run_check(
      check_variants, c, {schema, "aten::g.out(Tensor self, Tensor b, *, Tensor(a!) out) -> Tensor(a!)"},
      always(outcome_of(f32_tensor({3}, {1, 1, 1}))));
  EXPECT_EQ(verdict.why, "no argument has the sizes and dtype of the result");
}

TEST(VariantsOracle, FunctionalFormThatRaisesIsRefused) {
  EXPECT_EQ(checked(always(outcome_of({raising("no")})), exact).judgement, Judgement::refused);
}

TEST(VariantsOracle, InPlaceFormWritesACopyOfSharedMemory) {
  corpora::Case shared_memory = case_of("aten::f", 2);
  shared_memory.inputs[1].storage = 0;
  run_check(check_variants, shared_memory,
            {"aten::f(Tensor self, Tensor b) -> Tensor", "aten::f_(Tensor(a!) self, Tensor b) -> Tensor(a!)"},
            [](const corpora::Case& c, auto&, auto&) {
              if (c.calls.back().op == "aten::f_") {
                EXPECT_EQ(c.calls.back().arguments[0].tensor.index, 2);
                EXPECT_EQ(c.inputs[2].storage, 2);
                EXPECT_EQ(c.storages[2].bytes, bytes_of<float>({0, 1, 2}));
              }
              return outcome_of(f32_tensor({3}, {1, 1, 1}));
            });
}

// An operator that returns its input if that is `kept`, else `returned`; its other forms have the outcome
// `other`. Its input of four indices is one element of 3.
struct OfOneElement {
  std::vector<float> kept, returned;
  Outcome other;
  std::vector<int64_t> strides_written;  // the strides of self, or out, in the other form

  Verdict judge(int32_t form) {
    corpora::Case c = case_of(functional, 1, 4);
    c.storages[0] = {engine::DType::f32, 1, corpora::FillRule::values, 0, bytes_of<float>({3})};
    c.inputs[0].strides = {0};
    c.header.path = {{LayerKind::form, form}};
    return run_check(check_variants, c, {functional, in_place, out_form},
                     [this](const corpora::Case& ran, const corpora::Image& image, auto&) {
                       const corpora::Call& call = ran.calls.back();
                       if (call.op != "aten::op") {
                         const corpora::Value& written = call.arguments.back();
                         const engine::Dims& strides = ran.inputs[size_t(written.tensor.index)].strides;
                         strides_written.assign(strides.begin(), strides.end());
                         return other;
                       }
                       const bool again = image.storages[0] == bytes_of<float>({returned[0]});
                       return outcome_of(f32_tensor({4}, again ? kept : returned));
                     });
  }
};

Outcome wrote(std::vector<float> values) {
  TensorSnapshot self = f32_tensor({4}, values, 0);
  self.strides = {0};
  self.same_as_input = 0;
  CallOutcome call;
  call.results.push_back(result_of(self));
  call.changes.push_back({0, true, false, 1, self});
  return outcome_of({call});
}

TEST(VariantsOracle, OverlappingSelfIsWrittenIfEveryWriteGivesTheSameValue) {
  for (const int32_t form : {int32_t{self}, int32_t{shared}}) {
    OfOneElement op{{5, 5, 5, 5}, {5, 5, 5, 5}, wrote({5, 5, 5, 5}), {}};
    EXPECT_EQ(op.judge(form).judgement, Judgement::agree);
    EXPECT_EQ(op.strides_written, std::vector<int64_t>{0});
    op.other = wrote({7, 7, 7, 7});
    EXPECT_EQ(op.judge(form).divergence.kind, Kind::value);
    op.other = outcome_of({raising("refers to a single memory location")});
    EXPECT_EQ(op.judge(form).judgement, Judgement::agree);
  }
}

TEST(VariantsOracle, OverlappingSelfIsCopiedIfWritesOfAnElementDiffer) {
  OfOneElement two_values{{5, 5, 5, 5}, {5, 6, 5, 5}, wrote({5, 5, 5, 5}), {}};
  two_values.judge(self);
  EXPECT_EQ(two_values.strides_written, std::vector<int64_t>{1});
  OfOneElement not_again{{6, 6, 6, 6}, {5, 5, 5, 5}, wrote({5, 5, 5, 5}), {}};
  not_again.judge(self);
  EXPECT_EQ(not_again.strides_written, std::vector<int64_t>{1});
  EXPECT_EQ(not_again.judge(shared).judgement, Judgement::refused);
}

}  // namespace
}  // namespace oracles
