// Tensors, values and stacks: keys, shared storages, copied lists.
#include "engine/core/tensor.h"

#include <gtest/gtest.h>

#include "engine/core/error.h"
#include "engine/core/stack.h"

namespace engine {
namespace {

using enum DispatchKey;

TEST(Tensor, HasTheKeysOfItsDevice) {
  EXPECT_EQ(make_tensor(DType::f32, {2}).keys(), (KeySet{CPU, ADInplaceOrView, AutogradCPU, AutocastCPU}));
  EXPECT_EQ(make_tensor(DType::f32, {2}, DeviceType::meta).keys(),
            (KeySet{Meta, ADInplaceOrView, AutogradMeta}));
  EXPECT_EQ(dense_keys(DeviceType::privateuse1),
            (KeySet{PrivateUse1, ADInplaceOrView, AutogradPrivateUse1, AutocastPrivateUse1}));
}

TEST(Tensor, INV_09_UndefinedHasAutogradKeysAndNoneHasNone) {
  EXPECT_EQ(Tensor().keys(), (KeySet{ADInplaceOrView, AutogradOther}));
  EXPECT_TRUE(Value().keys().empty());
  EXPECT_EQ(Value(Tensor()).keys(), Tensor().keys());
}

TEST(Tensor, INV_08_ListHasTheKeysOfItsElements) {
  const Tensor cpu = make_tensor(DType::f32, {2});
  const Tensor meta = make_tensor(DType::f32, {2}, DeviceType::meta);
  const KeySet both = cpu.keys() | meta.keys();
  EXPECT_EQ(Value(std::vector<Tensor>{cpu, meta}).keys(), both);
  EXPECT_EQ(Value(std::vector<std::optional<Tensor>>{cpu, std::nullopt, meta}).keys(), both);
  EXPECT_EQ(Value(std::vector<Value>{Value(cpu), Value(3), Value(meta)}).keys(), both);
}

TEST(Tensor, INV_12_ViewHasTheKeysOfItsBase) {
  const Tensor base = make_zero_tensor(DType::c64, {2, 3});
  EXPECT_EQ(base.view({3}, {1}, 3).keys(), base.keys());
  EXPECT_EQ(base.toggled(Conjugate).keys(), base.keys().add(Conjugate));
  EXPECT_EQ(base.toggled(Conjugate).toggled(Conjugate).keys(), base.keys());
}

TEST(Tensor, ViewsShareStorageAndVersion) {
  const Tensor base = make_tensor(DType::f32, {2, 3});
  const Tensor row = base.view({3}, {1}, 3);
  base.data<float>()[4] = 7;
  EXPECT_EQ(row.data<float>()[1], 7);
  row.bump_version();
  EXPECT_EQ(base.version(), 1u);
  EXPECT_TRUE(row.shares_storage(base));
  EXPECT_FALSE(row.is_same(base));
}

TEST(Tensor, TensorWithoutDataRefusesToReturnIt) {
  EXPECT_THROW(make_zero_tensor(DType::f32, {2}).data(), Error);
  EXPECT_THROW(make_tensor(DType::f32, {2}, DeviceType::meta).data(), Error);
  EXPECT_EQ(make_tensor(DType::f32, {0}).data(), nullptr);
  EXPECT_EQ(make_tensor(DType::f64, {2, 3}, DeviceType::meta).storage()->bytes(), 48u);
}

TEST(Tensor, MayHaveManyDimensions) {
  const std::vector<int64_t> sizes(9, 2);
  const Tensor tensor = make_tensor(DType::u8, sizes);
  EXPECT_EQ(tensor.sizes(), IntSpan(sizes));
  EXPECT_EQ(tensor.stride(0), 256);
  tensor.set_geometry(tensor.sizes().subspan(4), tensor.strides().subspan(4), 0);
  EXPECT_EQ(tensor.element_count(), 32);
}

TEST(Tensor, LastOwnerFreesTheStorage) {
  Storage storage = make_storage(DeviceType::cpu, 8);
  {
    const Tensor tensor = Tensor::over(storage, DType::f32, {2}, {1});
    const Value value(tensor);
    const Value copy = value;  // NOLINT: counts as an owner
    EXPECT_EQ(tensor.body()->use_count(), 3u);
  }
  EXPECT_EQ(storage->use_count(), 1u);
}

// Deviation lists_are_values.
TEST(Value, INV_23_ChangingACopyKeepsTheCallersList) {
  const Tensor a = make_tensor(DType::f32, {1});
  const Tensor b = make_tensor(DType::f32, {1});
  const Value callers(std::vector<Tensor>{a, a});
  Value mine = callers;
  mine.mutable_tensors()[0] = b;
  EXPECT_TRUE(callers.tensors()[0].is_same(a));
  EXPECT_TRUE(mine.tensors()[0].is_same(b));
}

TEST(Value, KeepsItsKind) {
  EXPECT_EQ(Value(3).integer(), 3);
  EXPECT_EQ(Value(3).real(), 3.0);
  EXPECT_EQ(Value(Scalar(true)).tag(), ValueTag::boolean);
  EXPECT_EQ(Value(std::complex<double>(1, 2)).scalar().to_complex().imag(), 2);
  EXPECT_EQ(Value(DType::f16).dtype(), DType::f16);
  EXPECT_EQ(Value("text").string(), "text");
  EXPECT_TRUE(Value(std::optional<int64_t>()).is_none());
  EXPECT_TRUE(Value(Generator()).is_none());
  EXPECT_EQ(to_string(Value(std::vector<int64_t>{1, 2})), "[1, 2]");
  EXPECT_EQ(to_string(Value(make_tensor(DType::f32, {2, 3}))), "Tensor f32[2, 3] cpu");
}

TEST(Value, ReadingAsADifferentKindIsATypeError) {
  try {
    (void)Value(2.5).integer();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::type);
    EXPECT_STREQ(error.what(), "expected a value of type int, found float");
  }
}

TEST(Stack, GrowsAndMoves) {
  Stack stack;
  for (int i = 0; i < 40; ++i) stack.push_back(std::to_string(i));
  stack.push_back(stack[0]);
  Stack moved = std::move(stack);
  EXPECT_EQ(moved.size(), 41u);
  EXPECT_EQ(moved.pop().string(), "0");
  EXPECT_EQ(moved.back().string(), "39");
  Stack small{1, 2.5};
  const Stack copy = small;
  moved = std::move(small);
  EXPECT_EQ(moved.size(), 2u);
  EXPECT_EQ(copy[1].real(), 2.5);
}

TEST(Device, NameIsReadBack) {
  EXPECT_EQ(device_named("cuda:1"), Device(DeviceType::cuda, 1));
  EXPECT_EQ(to_string(Device(DeviceType::privateuse1)), "privateuse1");
  for (const char* wrong : {"", "cpu:", "gpu", "cuda:x", "cuda:-1", "cuda:1 "})
    EXPECT_FALSE(device_named(wrong));
}

TEST(Tensor, MoveBetweenHandlesOfOneTensorKeepsItsCount) {
  Storage storage = make_storage(DeviceType::cpu, 16);
  {
    Tensor one = Tensor::over(storage, DType::f32, {4}, {1}, 0);
    Tensor other = one;
    one = std::move(other);
    Tensor& self = one;
    one = std::move(self);
    EXPECT_TRUE(one.defined());
    EXPECT_EQ(storage->use_count(), 2U);
  }
  EXPECT_EQ(storage->use_count(), 1U);
}

}  // namespace
}  // namespace engine
