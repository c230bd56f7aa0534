// Operators without a derivative: the fallback's modes, and the opt-in kernels.
#include "engine/autograd/not_implemented.h"

#include "engine/autograd/backward.h"
#include "engine/autograd/forward_mode.h"
#include "engine/autograd/grad_mode.h"
#include "engine/autograd/history.h"
#include "engine/autograd/inference_mode.h"
#include "engine/core/error.h"
#include "engine/core/warning.h"
#include "engine/dispatch/thread_keys.h"
#include "engine/operator_cases.h"

namespace engine::autograd {

namespace {

using ops::Operators;
using ops::tensor_of;
using ops::values_of;
using Numbers = std::vector<double>;

Tensor plain_of(const Numbers& values) {
  return tensor_of(DType::f64, {static_cast<int64_t>(values.size())}, values);
}
Tensor leaf_of_numbers(const Numbers& values) {
  const Tensor leaf = plain_of(values);
  require_grad(leaf);
  return leaf;
}

class WithMode {
 public:
  explicit WithMode(FallbackMode mode) : before_(fallback_mode()) { set_fallback_mode(mode); }
  ~WithMode() { set_fallback_mode(before_); }
  WithMode(const WithMode&) = delete;
  WithMode& operator=(const WithMode&) = delete;

 private:
  FallbackMode before_;
};

// An operator of a test, with a kernel for the CPU and, if wanted, the opt-in kernels.
class Undeclared {
 public:
  template <class F>
  Undeclared(Operators& ops, const std::string& schema, F kernel, bool opt_in = false)
      : name_(name_in(schema)) {
    Dispatcher& to = ops.dispatcher();
    registrations_.push_back(to.define(schema));
    registrations_.push_back(to.implement(name_, DispatchKey::CPU, kernel_of(std::move(kernel))));
    if (!opt_in) return;
    registrations_.push_back(to.implement(name_, DispatchKey::Autograd, not_implemented()));
    registrations_.push_back(
        to.implement(name_, DispatchKey::ADInplaceOrView, not_implemented_in_place_or_view()));
  }
  const std::string& name() const { return name_; }

 private:
  static std::string name_in(const std::string& schema) { return schema.substr(0, schema.find('(')); }
  std::string name_;
  Registrations registrations_;
};

std::string error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

Numbers ones_back(Operators& ops, const Tensor& result, const Tensor& leaf) {
  backward(ops.dispatcher(), result, ops("aten::ones_like", {result}));
  const Tensor gradient = gradient_of(leaf);
  return gradient.defined() ? values_of(gradient) : Numbers();
}

TEST(FallbackMode, INV_56_NothingRecordsWhatTheKernelCalls) {
  Operators ops;
  const WithMode mode(FallbackMode::nothing);
  const Undeclared twice(ops, "mine::twice(Tensor self) -> Tensor",
                         [&](const Tensor& self) { return ops("aten::mul.Scalar", {self, 2}); });
  const Tensor a = leaf_of_numbers({3, 4});
  EXPECT_EQ(ones_back(ops, ops(twice.name(), {a}), a), (Numbers{2, 2}));
}

TEST(FallbackMode, INV_56_WarnWarnsOnceAnExecutionAndEndsTheGradient) {
  Operators ops;
  const WithMode mode(FallbackMode::warn);
  const Undeclared halves(ops, "mine::halves(Tensor self, Tensor other) -> (Tensor, Tensor)",
                          [](const Tensor& self, const Tensor&) {
                            const auto copy = [&] { return plain_of(values_of(self)); };
                            return std::tuple(copy(), copy());
                          });
  const Tensor a = leaf_of_numbers({3, 4}), plain = plain_of({1, 1});
  std::vector<std::string> messages;
  const UseWarningHandler handler([&](const std::string& message) { messages.push_back(message); });
  const Stack both = ops.all(halves.name(), {a, plain});
  const Tensor sum = ops("aten::add.Tensor", {both[0].tensor(), both[1].tensor()});
  EXPECT_TRUE(requires_grad(sum));
  EXPECT_TRUE(messages.empty()) << "no gradient flows yet";
  EXPECT_EQ(ones_back(ops, sum, a), Numbers());
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_NE(messages[0].find("mine::halves"), std::string::npos);
  EXPECT_EQ(ones_back(ops, sum, a), Numbers());
  EXPECT_EQ(messages.size(), 2U);
  const NoGrad off;
  EXPECT_FALSE(requires_grad(ops.all(halves.name(), {a, plain})[0].tensor()));
}

TEST(FallbackMode, INV_56_WarnWarnsForResultsThatTheKernelRecorded) {
  Operators ops;
  const WithMode mode(FallbackMode::warn);
  const Undeclared twice(ops, "mine::twice(Tensor self) -> Tensor",
                         [&](const Tensor& self) { return ops("aten::mul.Scalar", {self, 2}); });
  const Tensor a = leaf_of_numbers({3});
  int warnings = 0;
  const UseWarningHandler handler([&](const std::string&) { ++warnings; });
  EXPECT_EQ(ones_back(ops, ops(twice.name(), {a}), a), (Numbers{2}));
  EXPECT_EQ(warnings, 1);
}

TEST(FallbackMode, INV_53_ValuesAreTheSameInAllModes) {
  Operators ops;
  const Undeclared twice(ops, "mine::twice(Tensor self) -> Tensor",
                         [&](const Tensor& self) { return ops("aten::mul.Scalar", {self, 2}); });
  for (const FallbackMode each : {FallbackMode::nothing, FallbackMode::warn, FallbackMode::error}) {
    const WithMode mode(each);
    for (const Tensor& a : {leaf_of_numbers({3, 4}), plain_of({3, 4})})
      EXPECT_EQ(values_of(ops(twice.name(), {a})), (Numbers{6, 8}));
  }
}

TEST(FallbackMode, INV_65_FallthroughIsTheModeNothingForOneOperator) {
  Operators ops;
  const Undeclared twice(ops, "mine::twice(Tensor self) -> Tensor",
                         [&](const Tensor& self) { return ops("aten::mul.Scalar", {self, 2}); });
  const Registration through =
      ops.dispatcher().implement("mine::twice", DispatchKey::Autograd, Kernel::fallthrough());
  for (const FallbackMode each : {FallbackMode::nothing, FallbackMode::warn, FallbackMode::error}) {
    const WithMode mode(each);
    const Tensor a = leaf_of_numbers({3});
    EXPECT_EQ(ones_back(ops, ops("mine::twice", {a}), a), (Numbers{2}));
  }
}

TEST(NotImplemented, INV_56_RaisesWhenAGradientArrives) {
  Operators ops;
  const Undeclared twice(
      ops, "mine::twice(Tensor self) -> Tensor",
      [&](const Tensor& self) { return ops("aten::mul.Scalar", {self, 2}); }, true);
  const Tensor a = leaf_of_numbers({3, 4});
  const Tensor result = ops(twice.name(), {a});
  EXPECT_EQ(values_of(result), (Numbers{6, 8}));
  EXPECT_NE(
      error_of([&] { ones_back(ops, result, a); }).find("derivative for mine::twice is not implemented"),
      std::string::npos);
  EXPECT_FALSE(requires_grad(ops(twice.name(), {plain_of({1})})));
}

TEST(NotImplemented, INV_58_WriteBumpsTheVersionOnceAndRebasesTheHistory) {
  Operators ops;
  const Undeclared doubles(
      ops, "mine::doubles_(Tensor(a!) self, Tensor other) -> Tensor(a!)",
      [&](const Tensor& self, const Tensor&) { return ops("aten::mul_.Scalar", {self, 2}); }, true);
  const Tensor base = plain_of({1, 2}), w = leaf_of_numbers({1});
  const Tensor part = ops("aten::slice.Tensor", {base, 0, 0, 1, 1});
  ops(doubles.name(), {part, w});
  EXPECT_EQ(base.version(), 1U);
  EXPECT_EQ(values_of(base), (Numbers{2, 2}));
  EXPECT_TRUE(requires_grad(base));
  EXPECT_TRUE(requires_grad(part));
}

TEST(NotImplemented, INV_59_ViewIsRecordedAndCannotBeWrittenWithAGradient) {
  Operators ops;
  const Undeclared first(
      ops, "mine::first(Tensor(a) self) -> Tensor(a)",
      [](const Tensor& self) { return self.view({1}, self.strides(), self.offset()); }, true);
  const Tensor base = plain_of({1, 2}), w = leaf_of_numbers({5});
  const Tensor view = ops(first.name(), {base});
  ASSERT_NE(view_of(view), nullptr);
  EXPECT_TRUE(view_of(view)->base.is_same(base));
  ops("aten::mul_.Scalar", {view, 2});
  EXPECT_EQ(base.version(), 1U);
  EXPECT_EQ(view.version(), 1U);
  EXPECT_NE(error_of([&] { ops("aten::mul_.Tensor", {view, w}); }).find("mutating the view is forbidden"),
            std::string::npos);
  EXPECT_EQ(values_of(base), (Numbers{2, 2}));
  const NoGrad off;
  EXPECT_EQ(view_of(ops(first.name(), {base}))->made, ViewMade::without_grad);
}

TEST(NotImplemented, INV_59_ListOfViewsIsOneOfSeveral) {
  Operators ops;
  const Undeclared both(
      ops, "mine::both(Tensor(a) self) -> Tensor(a)[]",
      [](const Tensor& self) {
        return std::vector<Tensor>{self.view({1}, self.strides(), 0), self.view({1}, self.strides(), 1)};
      },
      true);
  const Tensor base = plain_of({1, 2}), w = leaf_of_numbers({5});
  const Tensor second = ops.all(both.name(), {base}).back().tensors()[1];
  EXPECT_EQ(view_of(second)->made, ViewMade::one_of_several);
  EXPECT_NE(error_of([&] { ops("aten::mul_.Tensor", {second, w}); }).find("multiple views"),
            std::string::npos);
}

TEST(NotImplemented, INV_61_RefusalsOfWritesComeBeforeTheKernel) {
  Operators ops;
  bool ran = false;
  const Undeclared doubles(
      ops, "mine::doubles_(Tensor(a!) self, Tensor other) -> Tensor(a!)",
      [&](const Tensor& self, const Tensor&) {
        ran = true;
        return self;
      },
      true);
  const Undeclared out(
      ops, "mine::twice.out(Tensor self, *, Tensor(a!) out) -> Tensor(a!)",
      [&](const Tensor&, const Tensor& to) {
        ran = true;
        return to;
      },
      true);
  const Tensor a = leaf_of_numbers({1, 2});
  EXPECT_THROW(ops(doubles.name(), {a, a}), Error);
  EXPECT_THROW(ops(doubles.name(), {ops("aten::select.int", {a, 0, 0}), a}), Error);
  EXPECT_THROW(ops(out.name(), {a}, {{"out", plain_of({0, 0})}}), Error);
  EXPECT_FALSE(ran);
}

TEST(NotImplemented, INV_62_SchemaErrorsAreRaisedWithoutGradBeforeTheKernel) {
  Operators ops;
  bool ran = false;
  const auto second_of = [&](const Tensor&, const Tensor& other) {
    ran = true;
    return other;
  };
  const Undeclared two_inputs(ops, "mine::a(Tensor(a) self, Tensor(b) other) -> Tensor(a)", second_of, true);
  const Undeclared not_first(ops, "mine::b(Tensor self, Tensor(a) other) -> Tensor(a)", second_of, true);
  const Undeclared two_views(
      ops, "mine::c(Tensor(a) self, Tensor other) -> (Tensor(a), Tensor(a))",
      [&](const Tensor& self, const Tensor&) {
        ran = true;
        return std::tuple(self, self);
      },
      true);
  const Tensor plain = plain_of({1});
  for (const Undeclared* each : {&two_inputs, &not_first, &two_views})
    EXPECT_THROW(ops.all(each->name(), {plain, plain}), Error) << each->name();
  EXPECT_FALSE(ran);
}

TEST(NotImplemented, INV_63_KernelsSeeTheKeysThatTheKindOfCallHas) {
  Operators ops;
  KeySet excluded;
  const auto looks = [&](const Tensor& self) {
    excluded = thread_keys.excluded;
    return self.view(self.sizes(), self.strides(), self.offset());
  };
  const KeySet all = autograd_keys.add(DispatchKey::ADInplaceOrView);
  const Undeclared functional(
      ops, "mine::functional(Tensor self) -> Tensor",
      [&](const Tensor& self) {
        looks(self);
        return ops("aten::clone", {self});
      },
      true);
  const Undeclared view(ops, "mine::view(Tensor(a) self) -> Tensor(a)", looks, true);
  const Undeclared basic(ops, "mine::basic(Tensor self) -> Tensor", looks);
  const ThreadKeys before = thread_keys;
  for (const Tensor& a : {leaf_of_numbers({1}), plain_of({1})}) {
    for (const Undeclared* each : {&functional, &view}) {
      excluded = {};
      ops(each->name(), {a});
      EXPECT_TRUE(excluded.has_all(all)) << each->name();
      EXPECT_EQ(thread_keys, before);
    }
    for (const FallbackMode mode : {FallbackMode::nothing, FallbackMode::warn}) {
      const WithMode with(mode);
      const UseWarningHandler silent([](const std::string&) {});
      ops(basic.name(), {a});
      EXPECT_EQ(excluded, before.excluded);
    }
  }
}

TEST(NotImplemented, INV_60_DualArgumentIsRefusedBeforeTheKernel) {
  Operators ops;
  bool ran = false;
  const Undeclared same(
      ops, "mine::same(Tensor self) -> Tensor",
      [&](const Tensor& self) {
        ran = true;
        return self;
      },
      true);
  const DualLevel level;
  EXPECT_NE(error_of([&] {
              ops(same.name(), {make_dual(plain_of({1}), plain_of({1}), level.id())});
            }).find("mine::same"),
            std::string::npos);
  EXPECT_FALSE(ran);
}

TEST(NotImplemented, DebugChecksFindKernelsThatBreakTheirSchema) {
  Operators ops;
  const Undeclared same(
      ops, "mine::same(Tensor self) -> Tensor", [](const Tensor& self) { return self; }, true);
  const Undeclared copy(
      ops, "mine::copy(Tensor(a) self) -> Tensor(a)",
      [](const Tensor& self) { return plain_of(values_of(self)); }, true);
  const Tensor plain = plain_of({1});
  ops(same.name(), {plain});
  set_debug_checks(true);
  EXPECT_NE(error_of([&] { ops(same.name(), {plain}); }).find("shares the memory"), std::string::npos);
  EXPECT_NE(error_of([&] { ops(copy.name(), {plain}); }).find("memory of its own"), std::string::npos);
  set_debug_checks(false);
}

TEST(Inference, INV_64_NewTensorsAreInferenceTensorsAndViewsOfNormalOnesAreNormal) {
  Operators ops;
  const Tensor normal = leaf_of_numbers({1, 2});
  Tensor made, view;
  {
    const InferenceMode mode;
    made = ops("aten::exp", {normal});
    view = ops("aten::select.int", {normal, 0, 0});
    ops("aten::mul_.Scalar", {made, 2});
    EXPECT_FALSE(GradMode::enabled());
    const InferenceMode normal_again(false);
    EXPECT_FALSE(is_inference(ops("aten::exp", {plain_of({1})})));
  }
  EXPECT_TRUE(GradMode::enabled());
  EXPECT_TRUE(is_inference(made));
  EXPECT_FALSE(requires_grad(made));
  EXPECT_EQ(made.version(), 0U) << "it has no version counter";
  EXPECT_FALSE(is_inference(view));
  EXPECT_FALSE(is_inference(ops("aten::clone", {made})));
  EXPECT_TRUE(is_inference(ops("aten::select.int", {made, 0, 0})));
  EXPECT_EQ(view_of(ops("aten::select.int", {made, 0, 0})), nullptr);
}

TEST(Inference, INV_64_InferenceTensorsRefuseToBeWrittenSavedOrLeaves) {
  Operators ops;
  const Tensor a = leaf_of_numbers({1, 2});
  Tensor made;
  {
    const InferenceMode mode;
    made = ops("aten::exp", {a});
  }
  const Numbers before = values_of(made);
  EXPECT_NE(error_of([&] { ops("aten::mul_.Scalar", {made, 2}); }).find("outside InferenceMode"),
            std::string::npos);
  EXPECT_EQ(values_of(made), before);
  EXPECT_NE(error_of([&] { ops("aten::mul.Tensor", {made, a}); }).find("cannot be saved"), std::string::npos);
  EXPECT_TRUE(requires_grad(ops("aten::add.Tensor", {made, a}))) << "a sum saves nothing";
  EXPECT_THROW(require_grad(made), Error);
}

TEST(Inference, INV_59_ViewMadeInInferenceModeCannotBeWrittenWithAGradient) {
  Operators ops;
  const Tensor base = plain_of({1, 2}), w = leaf_of_numbers({5});
  Tensor view;
  {
    const InferenceMode mode;
    view = ops("aten::select.int", {base, 0, 0});
  }
  ASSERT_NE(view_of(view), nullptr) << "the base has the key of the layer";
  EXPECT_EQ(view_of(view)->made, ViewMade::in_inference);
  EXPECT_THROW(ops("aten::mul_.Tensor", {view, w}), Error);
}

TEST(Inference, INV_111_ValuesAreTheSameInEveryMode) {
  Operators ops;
  const Tensor a = leaf_of_numbers({1, 2});
  const auto values = [&] { return values_of(ops("aten::tanh", {ops("aten::mul.Tensor", {a, a})})); };
  const Numbers recorded = values();
  const NoGrad off;
  EXPECT_EQ(values(), recorded);
  const InferenceMode mode;
  EXPECT_EQ(values(), recorded);
}

}  // namespace

}  // namespace engine::autograd
