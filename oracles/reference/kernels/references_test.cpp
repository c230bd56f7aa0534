// References compared with values that were computed by hand.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "oracles/reference/kernels/promotion.h"
#include "oracles/reference/kernels/reference.h"
#include "oracles/reference/kernels/rounding.h"

namespace reference {
namespace {

using engine::Scalar;
using enum engine::DType;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

template <class W = double>
Array<W> tensor(DType dtype, Dims sizes, const std::vector<double>& elements) {
  Array<W> made = blank<W>(dtype, std::move(sizes));
  for (size_t i = 0; i < made.integers.size(); ++i) made.integers[i] = static_cast<int64_t>(elements[i]);
  for (size_t i = 0; i < made.parts.size(); ++i) made.parts[i] = elements[i];
  return made;
}

using Given = Argument<double>;

Given of(Array<double> array) {
  const Dims strides = engine::contiguous_strides(array.sizes);
  return {.kind = Given::Kind::array,
          .arrays = {std::move(array)},
          .number = {},
          .integers = {},
          .strides = strides};
}
Given of(const Scalar& number) {
  return {.kind = Given::Kind::number, .arrays = {}, .number = number, .integers = {}};
}
Given of(Dims integers) {
  return {.kind = Given::Kind::integers, .arrays = {}, .number = {}, .integers = std::move(integers)};
}
Given of(DType dtype) {
  return {.kind = Given::Kind::dtype, .arrays = {}, .number = {}, .integers = {}, .dtype = dtype};
}
Given of(std::vector<Array<double>> list) {
  return {.kind = Given::Kind::list, .arrays = std::move(list), .number = {}, .integers = {}};
}
Given nothing() { return {}; }

const References& all() {
  static const References references = built_in_references();
  return references;
}

std::vector<Result<double>> results(std::string_view name, std::vector<Given> arguments) {
  Call<double> call{.arguments = std::move(arguments)};
  evaluate(*all().find(name), call);
  return call.results;
}

// The result's elements as numbers.
std::vector<double> elements(const Array<double>& array) {
  std::vector<double> numbers(array.integers.begin(), array.integers.end());
  numbers.insert(numbers.end(), array.parts.begin(), array.parts.end());
  return numbers;
}

void expect(std::string_view name, std::vector<Given> arguments, DType dtype, const Dims& sizes,
            const std::vector<double>& wanted) {
  const std::vector<Result<double>> made = results(name, std::move(arguments));
  ASSERT_EQ(made.size(), 1U) << name;
  EXPECT_EQ(made[0].values.dtype, dtype) << name;
  EXPECT_EQ(made[0].values.sizes, sizes) << name;
  const std::vector<double> found = elements(made[0].values);
  ASSERT_EQ(found.size(), wanted.size()) << name;
  for (size_t i = 0; i < found.size(); ++i) {
    if (found[i] == wanted[i]) continue;  // the difference of two equal infinities is NaN
    if (std::isnan(wanted[i]))
      EXPECT_TRUE(std::isnan(found[i])) << name << " " << i;
    else
      EXPECT_NEAR(found[i], wanted[i], 1e-15) << name << " " << i;
  }
}

TEST(References, PromoteAndBroadcast) {
  const Array<double> column = tensor(i32, {2, 1}, {1, 2}), row = tensor(f16, {3}, {10, 20, 30});
  expect("aten::add.Tensor", {of(column), of(row), of(Scalar(2))}, f16, {2, 3}, {21, 41, 61, 22, 42, 62});
  expect("aten::mul.Tensor", {of(column), of(tensor(f64, {}, {0.5}))}, f64, {2, 1}, {0.5, 1});
  expect("aten::mul.Scalar", {of(tensor(u8, {2}, {200, 3})), of(Scalar(2))}, u8, {2}, {144, 6});
  expect("aten::div.Tensor", {of(column), of(column)}, f32, {2, 1}, {1, 1});
  EXPECT_THROW(results("aten::mul.Tensor", {of(tensor(f32, {2}, {1, 2})), of(tensor(f32, {3}, {1, 2, 3}))}),
               Raises);
}

std::optional<DType> meeting(DType a, DType b) {
  try {
    return promoted(a, b);
  } catch (const Unknown&) {
    return std::nullopt;
  }
}

TEST(References, PromotionIsCommutativeAndLosesNoValue) {
  for (const DType a : engine::all_dtypes)
    for (const DType b : engine::all_dtypes) {
      const std::optional<DType> dtype = meeting(a, b);
      EXPECT_EQ(dtype, meeting(b, a));
      EXPECT_TRUE(!dtype || holds(*dtype, a) || engine::is_integral(a) || a == *dtype);
    }
  EXPECT_EQ(promoted(u8, i8), i16);
  EXPECT_EQ(promoted(f16, bf16), f32);
  EXPECT_EQ(promoted(f64, c64), c128);
}

TEST(References, RoundIntegersOnce) {
  EXPECT_EQ(nearest(f32, int64_t{16777217}), 16777216.0);
  EXPECT_EQ(nearest(f32, int64_t{16777219}), 16777220.0);
  // Rounded to double first, this would become a tie and round to even.
  EXPECT_EQ(nearest(f32, (int64_t{1} << 62) + (int64_t{1} << 38) + 1), 0x1.000002p62);
  EXPECT_EQ(nearest(bf16, int64_t{257}), 256.0);
}

TEST(References, ComputeAnalysis) {
  expect("aten::exp", {of(tensor(f32, {3}, {0, 1, -infinity}))}, f32, {3}, {1, M_E, 0});
  expect("aten::log", {of(tensor(i64, {2}, {1, 0}))}, f32, {2}, {0, -infinity});
  expect("aten::sqrt", {of(tensor(c64, {1}, {-4, 0}))}, c64, {1}, {0, 2});
  expect("aten::reciprocal", {of(tensor(c64, {1}, {0, 2}))}, c64, {1}, {0, -0.5});
  expect("aten::abs", {of(tensor(c64, {1}, {3, -4}))}, f32, {1}, {5});
  expect("aten::sign", {of(tensor(f32, {3}, {-2, 0, nan}))}, f32, {3}, {-1, 0, 0});
  expect("aten::sigmoid", {of(tensor(f64, {1}, {0}))}, f64, {1}, {0.5});
  expect("aten::atan2", {of(tensor(f32, {2}, {0.0, -0.0})), of(tensor(f32, {2}, {-1, -1}))}, f32, {2},
         {M_PI, -M_PI});
}

TEST(References, ChooseAndCompare) {
  const Array<double> numbers = tensor(f32, {3}, {-1, nan, 5});
  expect("aten::clamp", {of(numbers), of(Scalar(0)), of(Scalar(3))}, f32, {3}, {0, nan, 3});
  expect("aten::maximum", {of(numbers), of(tensor(f32, {}, {1}))}, f32, {3}, {1, nan, 5});
  expect("aten::ge.Scalar", {of(numbers), of(Scalar(5))}, b8, {3}, {0, 0, 1});
  expect("aten::where.self", {of(tensor(b8, {3}, {1, 0, 0})), of(numbers), of(tensor(i64, {}, {7}))}, f32,
         {3}, {-1, 7, 7});
  expect("aten::masked_fill.Scalar", {of(numbers), of(tensor(b8, {3}, {0, 1, 0})), of(Scalar(2))}, f32, {3},
         {-1, 2, 5});
  EXPECT_THROW(results("aten::lt.Scalar", {of(tensor(c64, {1}, {0, 1})), of(Scalar(1))}), Raises);
}

TEST(References, Fold) {
  const Array<double> matrix = tensor(f32, {2, 3}, {1, 2, 3, 4, 6, 6});
  expect("aten::sum", {of(matrix), nothing()}, f32, {}, {22});
  expect("aten::sum.dim_IntList", {of(matrix), of(Dims{0}), of(Scalar(true)), nothing()}, f32, {1, 3},
         {5, 8, 9});
  expect("aten::mean.dim", {of(matrix), of(Dims{-1}), of(Scalar(false)), of(f64)}, f64, {2}, {2, 16.0 / 3});
  expect("aten::prod.dim_int", {of(matrix), of(Scalar(1)), of(Scalar(false)), nothing()}, f32, {2}, {6, 144});
  expect("aten::sum", {of(tensor(b8, {3}, {1, 1, 0})), nothing()}, i64, {}, {2});
  expect("aten::amax", {of(matrix), of(Dims{}), of(Scalar(false))}, f32, {}, {6});
  expect("aten::argmax", {of(matrix), nothing(), of(Scalar(false))}, i64, {},
         {4});  // the first of equal elements
  expect("aten::all.dim", {of(matrix), of(Scalar(0)), of(Scalar(false))}, b8, {3}, {1, 1, 1});
  const auto both = results("aten::min.dim", {of(matrix), of(Scalar(0)), of(Scalar(false))});
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(elements(both[0].values), (std::vector<double>{1, 2, 3}));
  EXPECT_THROW(results("aten::amax", {of(tensor(f32, {0}, {})), of(Dims{}), of(Scalar(false))}), Raises);
  EXPECT_THROW(results("aten::sum.dim_IntList", {of(matrix), of(Dims{0, -2}), of(Scalar(false)), nothing()}),
               Raises);
}

TEST(References, MultiplyMatrices) {
  const Array<double> a = tensor(f32, {2, 2}, {1, 2, 3, 4}), v = tensor(f32, {2}, {1, -1});
  expect("aten::mm", {of(a), of(a)}, f32, {2, 2}, {7, 10, 15, 22});
  expect("aten::mv", {of(a), of(v)}, f32, {2}, {-1, -1});
  expect("aten::matmul", {of(v), of(a)}, f32, {2}, {-2, -2});
  expect("aten::matmul", {of(tensor(f32, {2, 1, 2}, {1, 0, 0, 1})), of(a)}, f32, {2, 1, 2}, {1, 2, 3, 4});
  expect("aten::addmm", {of(tensor(f32, {2}, {nan, nan})), of(a), of(a), of(Scalar(0)), of(Scalar(2))}, f32,
         {2, 2}, {14, 20, 30, 44});
  const Result<double> product = results("aten::dot", {of(v), of(v)})[0];
  EXPECT_EQ(product.magnitudes, std::vector<double>{2});
  EXPECT_EQ(product.roundings, 2);
  EXPECT_THROW(results("aten::mm", {of(a), of(tensor(f64, {2, 2}, {1, 1, 1, 1}))}), Raises);
}

TEST(References, Softmax) {
  const Array<double> rows = tensor(f32, {2, 2}, {0, std::log(3.0), 5, 5});
  expect("aten::_softmax", {of(rows), of(Scalar(1)), of(Scalar(false))}, f32, {2, 2}, {0.25, 0.75, 0.5, 0.5});
  expect("aten::_log_softmax", {of(rows), of(Scalar(-1)), of(Scalar(false))}, f32, {2, 2},
         {std::log(0.25), std::log(0.75), -M_LN2, -M_LN2});
  // Along the other dimension.
  const auto columns = results("aten::_softmax", {of(rows), of(Scalar(0)), of(Scalar(false))})[0].values;
  EXPECT_NEAR(columns.parts[0] + columns.parts[2], 1, 1e-15);
}

TEST(References, Show) {
  const Array<double> matrix = tensor(i64, {2, 3}, {1, 2, 3, 4, 5, 6});
  expect("aten::t", {of(matrix)}, i64, {3, 2}, {1, 4, 2, 5, 3, 6});
  expect("aten::slice.Tensor", {of(matrix), of(Scalar(1)), of(Scalar(-3)), nothing(), of(Scalar(2))}, i64,
         {2, 2}, {1, 3, 4, 6});
  expect("aten::select.int", {of(matrix), of(Scalar(0)), of(Scalar(-1))}, i64, {3}, {4, 5, 6});
  expect("aten::diagonal", {of(matrix), of(Scalar(1)), of(Scalar(0)), of(Scalar(1))}, i64, {2}, {2, 6});
  expect("aten::flip", {of(matrix), of(Dims{0, 1})}, i64, {2, 3}, {6, 5, 4, 3, 2, 1});
  expect("aten::expand", {of(tensor(i64, {2, 1}, {1, 2})), of(Dims{-1, 2}), of(Scalar(false))}, i64, {2, 2},
         {1, 1, 2, 2});
  expect("aten::view", {of(matrix), of(Dims{3, -1})}, i64, {3, 2}, {1, 2, 3, 4, 5, 6});
  EXPECT_THROW(results("aten::view", {of(matrix), of(Dims{4, -1})}), Raises);
  EXPECT_THROW(results("aten::select.int", {of(matrix), of(Scalar(0)), of(Scalar(2))}), Raises);
  const auto strided = results("aten::as_strided", {of(matrix), of(Dims{2}), of(Dims{6}), of(Scalar(1))})[0];
  EXPECT_EQ(strided.values.integers[0], 2);
  EXPECT_TRUE(strided.unspecified[1]);  // outside the elements that the argument shows
}

TEST(References, ChooseByIndex) {
  const Array<double> matrix = tensor(f32, {2, 2}, {1, 2, 3, 4});
  const Array<double> index = tensor(i64, {1, 2}, {1, 0});
  expect("aten::gather", {of(matrix), of(Scalar(0)), of(index), of(Scalar(false))}, f32, {1, 2}, {3, 2});
  expect("aten::index_select", {of(matrix), of(Scalar(1)), of(tensor(i32, {3}, {1, 1, 0}))}, f32, {2, 3},
         {2, 2, 1, 4, 4, 3});
  expect("aten::tril", {of(matrix), of(Scalar(-1))}, f32, {2, 2}, {0, 0, 3, 0});
  const std::vector<Array<double>> list{matrix, tensor(i32, {0}, {}), tensor(i64, {1, 2}, {7, 8})};
  expect("aten::cat", {of(list), of(Scalar(0))}, f32, {3, 2}, {1, 2, 3, 4, 7, 8});
  EXPECT_THROW(results("aten::gather",
                       {of(matrix), of(Scalar(0)), of(tensor(i64, {1, 2}, {2, 0})), of(Scalar(false))}),
               Raises);
}

TEST(References, CastAndFill) {
  const Array<double> numbers = tensor(f32, {3}, {-1.5, 300, nan});
  const auto bytes =
      results("aten::to.dtype", {of(numbers), of(i8), of(Scalar(false)), of(Scalar(false)), nothing()})[0];
  EXPECT_EQ(bytes.values.integers[0], -1);
  EXPECT_EQ(bytes.unspecified, (std::vector<bool>{false, true, true}));
  expect("aten::full", {of(Dims{2}), of(Scalar(1.5)), nothing(), nothing(), nothing(), nothing()}, f32, {2},
         {1.5, 1.5});
  expect("aten::_conj", {of(tensor(c64, {1}, {1, 2}))}, c64, {1}, {1, -2});
  EXPECT_FALSE(results("aten::empty_like", {of(numbers), nothing()})[0].has_values);
}

// A written tensor keeps its dtype; results of a higher category are refused.
TEST(References, WriteWhatIsGiven) {
  Given self = of(tensor(i32, {2}, {1, 2}));
  self.written = Written::in_place;
  expect("aten::add_.Tensor", {self, of(tensor(i64, {}, {1})), of(Scalar(1))}, i32, {2}, {2, 3});
  EXPECT_THROW(results("aten::add_.Tensor", {self, of(tensor(f32, {}, {1})), of(Scalar(1))}), Raises);
  EXPECT_THROW(results("aten::add_.Tensor", {self, of(tensor(i32, {2, 1}, {1, 1})), of(Scalar(1))}), Raises);
}

// In binary128 a numerical derivative has more correct digits than any kernel's result.
TEST(References, CanBeDifferentiated) {
  const auto exponential = [](Quad x) {
    Call<Quad> call;
    Argument<Quad> argument;
    argument.kind = Argument<Quad>::Kind::array;
    argument.arrays.push_back(blank<Quad>(f32, {}));
    argument.arrays[0].parts[0] = x;
    call.arguments.push_back(argument);
    evaluate(*all().find("aten::exp"), call);
    return call.results[0].values.parts[0];
  };
  const Quad step = 0x1p-36;
  const Quad slope = (exponential(1 + step) - exponential(1 - step)) / (2 * step);
  EXPECT_LT(std::fabs(static_cast<double>(slope - exponential(1))), 1e-20);
}

}  // namespace
}  // namespace reference
