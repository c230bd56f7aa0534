// Histories and versions of the tensors that a call writes, whether the call returns them or not.
#include "engine/autograd/backward.h"
#include "engine/autograd/grad_mode.h"
#include "engine/autograd/history.h"
#include "engine/core/each_tensor.h"
#include "engine/core/error.h"
#include "engine/operator_cases.h"
#include "engine/ops/form_kernels.h"

namespace engine::autograd {

namespace {

using ops::tensor_of;
using ops::values_of;

// An operator without a derivative, whose kernel adds one to each tensor that it writes.
struct WrittenArguments : testing::Test {
  void define(const std::string& schema) {
    const std::string name = schema.substr(0, schema.find('('));
    registrations.push_back(ops.dispatcher().define(schema));
    registrations.push_back(ops.dispatcher().implement(
        name, DispatchKey::CPU, boxed_kernel_of([this](const Call& call, Stack& stack) {
          const std::vector<Argument>& arguments = call.schema().arguments;
          const size_t count = arguments.size();
          std::vector<Value> written;
          for (size_t i = 0; i < count; ++i)
            if (arguments[i].is_write()) written.push_back(stack.last(count)[i]);
          for_each_tensor(std::span<const Value>(written), [&](const Tensor& tensor) {
            if (tensor.defined()) ops("aten::add_.Scalar", {tensor, 1});
          });
          stack.drop(count);
          for (size_t i = 0; i < call.schema().returns.size(); ++i) stack.push_back(written[i]);
        })));
  }
  void call(std::string_view name, std::vector<Value> arguments) { ops.all(name, std::move(arguments)); }

  Tensor leaf() {
    const Tensor made = plain();
    require_grad(made);
    return made;
  }
  Tensor plain() { return tensor_of(DType::f64, {2}, {3, 4}); }

  // Whether the call is in the tensor's history: then a gradient that arrives there raises.
  bool refuses_gradient(const Tensor& tensor) {
    if (!requires_grad(tensor)) return false;
    try {
      backward(ops.dispatcher(), tensor, ops("aten::ones_like", {tensor}));
    } catch (const Error& error) {
      return error.kind() == ErrorKind::not_implemented;
    }
    return false;
  }

  ops::Operators ops;
  Registrations registrations;
};

TEST_F(WrittenArguments, GetHistoryWhenTheCallReturnsNothing) {
  define("mine::f_(Tensor(a!) x, Tensor y) -> ()");
  const Tensor x = plain();
  call("mine::f_", {x, leaf()});
  EXPECT_EQ(values_of(x), (std::vector<double>{4, 5}));
  EXPECT_TRUE(refuses_gradient(x));
}

TEST_F(WrittenArguments, AllGetHistoryWhenOneOfThemIsReturned) {
  define("mine::two_(Tensor(a!) x, Tensor(b!) y, Tensor z) -> Tensor(b!)");
  const Tensor x = plain(), y = plain();
  call("mine::two_", {x, y, leaf()});
  EXPECT_TRUE(refuses_gradient(x));
  EXPECT_TRUE(refuses_gradient(y));
}

TEST_F(WrittenArguments, TensorsOfListsAndOptionalsGetHistory) {
  define("mine::lists_(Tensor(a!)[] x, Tensor(b!)? y, Tensor(c!)? none, Tensor z) -> ()");
  const Tensor first = plain(), second = plain(), optional = plain();
  call("mine::lists_", {std::vector<Tensor>{first, Tensor(), second}, optional, Value(), leaf()});
  EXPECT_TRUE(refuses_gradient(first));
  EXPECT_TRUE(refuses_gradient(second));
  EXPECT_TRUE(refuses_gradient(optional));
}

TEST_F(WrittenArguments, TensorThatIsGivenTwiceGetsOneHistory) {
  define("mine::list_(Tensor(a!)[] x, Tensor z) -> Tensor(a!)[]");
  const Tensor base = plain(), part = ops("aten::select.int", {base, 0, 0});
  call("mine::list_", {std::vector<Tensor>{part, part}, leaf()});
  EXPECT_EQ(values_of(base), (std::vector<double>{5, 4}));
  EXPECT_TRUE(refuses_gradient(base));
}

TEST_F(WrittenArguments, IntegersGetNoHistory) {
  define("mine::f_(Tensor(a!) x, Tensor y) -> ()");
  const Tensor x = tensor_of(DType::i64, {1}, {3});
  call("mine::f_", {x, leaf()});
  EXPECT_FALSE(requires_grad(x));
}

TEST_F(WrittenArguments, WriteIntoAViewGivesItsBaseAHistory) {
  define("mine::list_(Tensor y, Tensor(a!)[] x) -> ()");
  const Tensor a = leaf(), base = ops("aten::clone", {a}), other = ops("aten::select.int", {base, 0, 0});
  call("mine::list_", {plain(), std::vector<Tensor>{plain(), ops("aten::select.int", {base, 0, 1})}});
  EXPECT_TRUE(refuses_gradient(base));
  EXPECT_TRUE(refuses_gradient(other));
}

TEST_F(WrittenArguments, LeavesInListsAreRefusedBeforeAnyWrite) {
  define("mine::list_(Tensor(a!)[] x) -> ()");
  const Tensor x = plain(), a = leaf();
  EXPECT_THROW(call("mine::list_", {std::vector<Tensor>{x, a}}), Error);
  EXPECT_THROW(call("mine::list_", {std::vector<Tensor>{x, ops("aten::select.int", {a, 0, 0})}}), Error);
  EXPECT_EQ(values_of(x), (std::vector<double>{3, 4}));
  EXPECT_EQ(values_of(a), (std::vector<double>{3, 4}));
}

TEST_F(WrittenArguments, OutListsAreRefusedWhenAnArgumentRequiresGrad) {
  define("mine::f.out(Tensor x, *, Tensor(a!)[] out) -> ()");
  const Tensor out = plain();
  EXPECT_THROW(ops.all("mine::f.out", {leaf()}, {{"out", std::vector<Tensor>{out}}}), Error);
  EXPECT_EQ(values_of(out), (std::vector<double>{3, 4}));
}

TEST_F(WrittenArguments, NothingIsRecordedWithoutGradMode) {
  define("mine::f_(Tensor(a!) x, Tensor y) -> ()");
  const Tensor x = plain();
  const NoGrad off;
  call("mine::f_", {x, leaf()});
  EXPECT_FALSE(requires_grad(x));
}

TEST_F(WrittenArguments, VersionsOfTensorsInListsAreBumped) {
  define("mine::list_(Tensor(a!)[] x, Tensor(b!)? y) -> ()");
  registrations.push_back(ops.dispatcher().implement(
      "mine::list_", DispatchKey::CPU, Kernel::from_boxed([](const Call&, Stack& stack) { stack.drop(2); })));
  registrations.push_back(ops.dispatcher().implement("mine::list_", DispatchKey::ADInplaceOrView,
                                                     boxed_kernel_of(ops::BumpVersions{})));
  const Tensor x = plain(), y = plain(), optional = plain();
  call("mine::list_", {std::vector<Tensor>{x, y}, optional});
  EXPECT_EQ(x.version(), 1u);
  EXPECT_EQ(y.version(), 1u);
  EXPECT_EQ(optional.version(), 1u);
}

}  // namespace

}  // namespace engine::autograd
