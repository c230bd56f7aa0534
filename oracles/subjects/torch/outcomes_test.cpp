// What outcomes contain: errors and their classes, aliases, changes of inputs, random numbers, several calls.
#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "oracles/subjects/torch/torch_cases.h"

namespace oracles::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

void expect_error(const corpora::Case& c, const char* error_class, const char* message,
                  Status status = Status::raised) {
  const Outcome outcome = run(c);
  ASSERT_THAT(outcome.calls, SizeIs(1));
  EXPECT_EQ(outcome.last().status, status) << outcome.last().message;
  EXPECT_EQ(outcome.last().error_class, error_class) << outcome.last().message;
  EXPECT_THAT(outcome.last().message, HasSubstr(message));
  EXPECT_EQ(outcome.last().message.find('\n'), std::string::npos);
}

TEST(TorchErrors, ErrorsHaveTheClassesOfPython) {
  const auto floats = [] { return CaseMaker().floats({2, 3}, {0, 1, 2, 3, 4, 5}); };
  expect_error(floats().call("aten::select.int", {input(0), integer(5), integer(0)}), "IndexError",
               "Dimension out of range");
  expect_error(floats().call("aten::view", {input(0), integers({4})}), "RuntimeError",
               "invalid for input of size 6");
  expect_error(floats().call("aten::to_mkldnn", {input(0), Value::of_dtype(engine::DType::i64)}),
               "RuntimeError", "");
  expect_error(floats().call("aten::linalg_inv", {input(0)}), "RuntimeError", "square");
  expect_error(CaseMaker().floats({2, 2}, {1, 1, 1, 1}).call("aten::linalg_inv", {input(0)}), "LinAlgError",
               "singular");
}

TEST(TorchErrors, NotImplementedErrorIsAGap) {
  const auto c = CaseMaker().floats({2}, {0, 1}).call("aten::int_repr", {input(0)});
  expect_error(c, "NotImplementedError", "Could not run 'aten::int_repr'", Status::not_implemented);
  const auto half = CaseMaker()
                        .input<uint16_t>(engine::DType::f16, {2, 2}, {0, 0, 0, 0})
                        .call("aten::linalg_det", {input(0)});
  EXPECT_EQ(run(half).last().status, Status::not_implemented) << run(half).last().message;
}

TEST(TorchErrors, ValueOfTheWrongTypeIsAnArgumentError) {
  const auto with_dim = [](Value dim) {
    return CaseMaker()
        .floats({2, 3}, {0, 1, 2, 3, 4, 5})
        .call("aten::argmax", {input(0), std::move(dim), Value::of_boolean(false)});
  };
  EXPECT_TRUE(run(with_dim(integer(1))).returned());
  EXPECT_TRUE(run(with_dim(none())).returned());
  expect_error(with_dim(Value::of_string("x")), "ArgumentError", "expected an integer, got a string");
  expect_error(with_dim(integers({1})), "ArgumentError", "expected an integer, got a list");
  expect_error(with_dim(input(0)), "ArgumentError", "expected an integer, got a tensor");
  expect_error(CaseMaker().call("aten::neg", {input(0)}), "ArgumentError", "not there");
  expect_error(CaseMaker().call("aten::neg", {none()}), "ArgumentError", "expected a tensor");
}

TEST(TorchErrors, UndefinedTensorReachesTheLibrary) {
  expect_error(CaseMaker().call("aten::neg", {Value::of_undefined()}), "RuntimeError", "undefined Tensor");
}

TEST(TorchErrors, MemoryBeyondTheQuotaIsOverMemory) {
  const auto zeros = [](int64_t n) {
    return CaseMaker().call("aten::zeros", {integers({n}), none(), none(), none(), none()});
  };
  expect_error(zeros(int64_t{1} << 40), "MemoryError", "quota", Status::over_memory);
  EXPECT_EQ(run(zeros(int64_t{1} << 27)).last().status, Status::over_memory);  // 512 MiB of floats
  EXPECT_TRUE(run(zeros(1 << 10)).returned());
}

TEST(TorchErrors, ErrorEndsTheProgram) {
  const auto c = CaseMaker()
                     .floats({2}, {1, 2})
                     .call("aten::view", {input(0), integers({7})})
                     .call("aten::neg", {input(0)});
  EXPECT_THAT(run(c).calls, SizeIs(1));
}

TEST(TorchOutcomes, ResultsNameTheStorageTheyView) {
  const auto c = CaseMaker()
                     .floats({2, 3}, {0, 1, 2, 3, 4, 5})
                     .call("aten::transpose.int", {input(0), integer(0), integer(1)})
                     .call("aten::neg", {Value::of_result(0, 0)})
                     .call("aten::unbind.int", {Value::of_result(1, 0), integer(0)})
                     .call("aten::add_.Tensor", {Value::of_result(2, 1), Value::of_result(2, 0), integer(1)});
  const Outcome outcome = run(c);
  ASSERT_THAT(outcome.calls, SizeIs(4));
  EXPECT_EQ(outcome.calls[0].results[0].tensor.storage, 0);
  EXPECT_EQ(outcome.calls[0].results[0].tensor.strides, (engine::Dims{1, 3}));
  EXPECT_EQ(outcome.calls[1].results[0].tensor.storage, 1);
  ASSERT_EQ(outcome.calls[2].results[0].kind, Result::Kind::list);
  ASSERT_THAT(outcome.calls[2].results[0].list, SizeIs(3));
  EXPECT_EQ(outcome.calls[2].results[0].list[2].tensor.storage, 1);
  EXPECT_EQ(floats_of(outcome), (std::vector<float>{-1, -7}));
}

TEST(TorchOutcomes, ChangesAreMeasuredCallByCall) {
  const auto c = CaseMaker()
                     .floats({2}, {1, 2})
                     .floats({2}, {5, 6})
                     .call("aten::zero_", {input(0)})
                     .call("aten::neg", {input(1)})
                     .call("aten::add_.Tensor", {input(0), input(1), integer(1)});
  for (const char* path : {"direct", "neg(0)", "contiguous"}) {
    const Outcome outcome = run(c, path);
    ASSERT_THAT(outcome.calls, SizeIs(3));
    ASSERT_THAT(outcome.calls[0].changes, SizeIs(1));
    EXPECT_TRUE(outcome.calls[0].changes[0].values_changed);
    EXPECT_EQ(outcome.calls[0].changes[0].version_delta, 1);
    EXPECT_THAT(outcome.calls[1].changes, SizeIs(0)) << path;
    ASSERT_THAT(outcome.calls[2].changes, SizeIs(1));
    EXPECT_EQ(values_of<float>(outcome.calls[2].changes[0].after), (std::vector<float>{5, 6}));
    EXPECT_EQ(outcome.calls[2].changes[0].version_delta, 1);
  }
}

TEST(TorchOutcomes, GeometryChangesAreRecorded) {
  const auto c = CaseMaker()
                     .floats({2, 3}, {0, 1, 2, 3, 4, 5})
                     .call("aten::t_", {input(0)})
                     .call("aten::resize_", {input(0), integers({4, 4}), none()});
  const Outcome outcome = run(c);
  ASSERT_THAT(outcome.calls, SizeIs(2));
  ASSERT_THAT(outcome.calls[0].changes, SizeIs(1));
  EXPECT_TRUE(outcome.calls[0].changes[0].geometry_changed);
  EXPECT_EQ(outcome.calls[0].changes[0].after.sizes, (engine::Dims{3, 2}));
  EXPECT_THAT(outcome.calls[0].changed_storages, SizeIs(0));
  ASSERT_THAT(outcome.calls[1].changes, SizeIs(1));
  EXPECT_EQ(outcome.calls[1].changes[0].after.sizes, (engine::Dims{4, 4}));
}

TEST(TorchOutcomes, OutArgumentsAreTheResult) {
  const auto c =
      CaseMaker().floats({2}, {1, 2}).floats({2}, {0, 0}).call("aten::neg.out", {input(0), input(1)});
  const Outcome outcome = run(c);
  EXPECT_EQ(first_tensor(outcome).same_as_input, 1);
  EXPECT_EQ(first_tensor(outcome).storage, 1);
  EXPECT_EQ(floats_of(outcome), (std::vector<float>{-1, -2}));
}

TEST(TorchOutcomes, OtherLayoutsAreOpaque) {
  const auto c =
      CaseMaker().floats({2, 2}, {1, 0, 0, 2}).call("aten::to_sparse.sparse_dim", {input(0), integer(1)});
  const TensorSnapshot shot = first_tensor(run(c));
  EXPECT_TRUE(shot.opaque);
  EXPECT_FALSE(shot.has_values);
  EXPECT_THAT(shot.type_name, HasSubstr("Sparse"));
}

TEST(TorchOutcomes, HugeViewsKeepTheirMetadata) {
  const auto c = CaseMaker().floats({1}, {3}).call(
      "aten::expand", {input(0), integers({int64_t{1} << 40}), Value::of_boolean(false)});
  const TensorSnapshot shot = first_tensor(run(c));
  EXPECT_EQ(shot.sizes, (engine::Dims{int64_t{1} << 40}));
  EXPECT_FALSE(shot.has_values);
}

TEST(TorchOutcomes, NumbersAndBoolsArePlainResults) {
  const auto c =
      CaseMaker().floats({2}, {1, 2}).floats({2}, {1, 2}).call("aten::equal", {input(0), input(1)});
  EXPECT_EQ(run(c).last().results.at(0).plain, Value::of_boolean(true));
  const auto number = CaseMaker().floats({}, {2.5F}).call("aten::item", {input(0)});
  EXPECT_EQ(run(number).last().results.at(0).plain, Value::of_real(2.5));
}

TEST(TorchOutcomes, RandomNumbersRestartWithEachRun) {
  const auto c = CaseMaker()
                     .floats({4}, {0, 0, 0, 0})
                     .call("aten::rand_like", {input(0), none(), none(), none(), none(), none()})
                     .call("aten::rand_like", {input(0), none(), none(), none(), none(), none()});
  const Outcome once = run(c), again = run(c);
  EXPECT_TRUE(once.calls[0].generator_used);
  EXPECT_EQ(once.calls[0].results[0].tensor.values, again.calls[0].results[0].tensor.values);
  EXPECT_EQ(once.calls[1].results[0].tensor.values, again.calls[1].results[0].tensor.values);
  EXPECT_NE(once.calls[0].results[0].tensor.values, once.calls[1].results[0].tensor.values);
  EXPECT_FALSE(run(addition()).last().generator_used);
}

TEST(TorchOutcomes, WarningsAreCountedEachTime) {
  const auto c =
      CaseMaker().floats({2}, {1, 2}).floats({3}, {0, 0, 0}).call("aten::neg.out", {input(0), input(1)});
  EXPECT_EQ(run(c).last().warnings, 1);
  EXPECT_EQ(run(c).last().warnings, 1);
}

TEST(TorchArguments, EveryKindOfListIsAccepted) {
  const auto two = [] { return CaseMaker().floats({2}, {1, 2}).floats({2}, {3, 4}); };
  EXPECT_EQ(floats_of(run(two().call("aten::cat", {Value::of_list({input(0), input(1)}), integer(0)}))),
            (std::vector<float>{1, 2, 3, 4}));
  EXPECT_TRUE(run(two().call("aten::stack", {Value::of_list({input(0), input(1)}), integer(0)}), "neg(0)")
                  .returned());
  const auto scalars =
      two().call("aten::_foreach_add.ScalarList",
                 {Value::of_list({input(0), input(1)}), Value::of_list({integer(1), Value::of_real(0.5)})});
  ASSERT_TRUE(run(scalars).returned()) << run(scalars).last().message;
  EXPECT_EQ(values_of<float>(run(scalars).last().results[0].list[1].tensor), (std::vector<float>{3.5, 4.5}));
  const auto indexed = CaseMaker()
                           .floats({2, 2}, {1, 2, 3, 4})
                           .input<int64_t>(engine::DType::i64, {1}, {1})
                           .call("aten::index.Tensor", {input(0), Value::of_list({none(), input(1)})});
  EXPECT_EQ(floats_of(run(indexed)), (std::vector<float>{2, 4}));
  if (!torch().catalog().find("aten::rename")) return;  // no named dimensions since 2.13
  const auto named =
      CaseMaker()
          .floats({2, 2}, {1, 2, 3, 4})
          .call("aten::rename", {input(0), Value::of_list({Value::of_string("a"), Value::of_string("b")})})
          .call("aten::sum.dim_DimnameList", {Value::of_result(0, 0), Value::of_list({Value::of_string("a")}),
                                              Value::of_boolean(false), none()});
  ASSERT_TRUE(run(named).returned()) << run(named).last().message;
  EXPECT_EQ(floats_of(run(named)), (std::vector<float>{4, 6}));
}

TEST(TorchArguments, OneNumberFillsASizedList) {
  const auto c = CaseMaker()
                     .floats({1, 1, 2, 2}, {1, 2, 3, 4})
                     .call("aten::max_pool2d", {input(0), integer(2), integers({}), integer(0), integer(1),
                                                Value::of_boolean(false)});
  EXPECT_EQ(floats_of(run(c)), (std::vector<float>{4}));
}

TEST(TorchArguments, WordsAndDtypesAreAccepted) {
  const auto c = CaseMaker()
                     .floats({2}, {1.5, 2})
                     .call("aten::_to_copy", {input(0), Value::of_dtype(engine::DType::i32),
                                              Value::of_word(corpora::ValueKind::layout, "strided"),
                                              Value::of_word(corpora::ValueKind::device, "cpu"), none(),
                                              Value::of_boolean(false),
                                              Value::of_word(corpora::ValueKind::memory_format, "preserve")});
  const Outcome outcome = run(c);
  ASSERT_TRUE(outcome.returned()) << outcome.last().message;
  EXPECT_EQ(first_tensor(outcome).dtype, engine::DType::i32);
  EXPECT_TRUE(first_tensor(run(c, "meta")).meta);
}

}  // namespace
}  // namespace oracles::testing
