#include "corpora/case/value.h"

#include <gtest/gtest.h>

#include <bit>
#include <limits>
#include <string>
#include <vector>

namespace corpora {
namespace {

const double nan = std::numeric_limits<double>::quiet_NaN();

// One value of each kind, and similar ones of some.
std::vector<Value> different_values() {
  return {Value::of_none(),
          Value::of_undefined(),
          Value::of_input(0),
          Value::of_input(1),
          Value::of_result(0, 0),
          Value::of_result(0, 1),
          Value::of_integer(0),
          Value::of_integer(1),
          Value::of_real(0.0),
          Value::of_real(-0.0),
          Value::of_real(nan),
          Value::of_real(std::bit_cast<double>(std::bit_cast<uint64_t>(nan) + 1)),
          Value::of_boolean(false),
          Value::of_boolean(true),
          Value::of_complex(1, 0.0),
          Value::of_complex(1, -0.0),
          Value::of_string(""),
          Value::of_string("cpu"),
          Value::of_word(ValueKind::device, "cpu"),
          Value::of_word(ValueKind::layout, "strided"),
          Value::of_dtype(engine::DType::f32),
          Value::of_dtype(engine::DType::f64),
          Value::of_list({}),
          Value::of_list({Value::of_list({})}),
          Value::of_list({Value::of_real(0.0)}),
          Value::of_list({Value::of_real(-0.0)})};
}

TEST(Value, EqualsOnlyItself) {
  const std::vector<Value> values = different_values();
  const std::vector<Value> again = different_values();
  for (size_t a = 0; a < values.size(); ++a)
    for (size_t b = 0; b < values.size(); ++b) EXPECT_EQ(values[a] == again[b], a == b) << a << ", " << b;
}

TEST(Value, VisitsTensorsDepthFirst) {
  Value value = Value::of_list(
      {Value::of_input(3), Value::of_list({Value::of_result(1, 2), Value::of_none()}), Value::of_input(5)});
  std::vector<int32_t> seen;
  for_each_tensor(std::as_const(value), [&](const TensorRef& ref) { seen.push_back(ref.index); });
  EXPECT_EQ(seen, (std::vector<int32_t>{3, 2, 5}));
  for_each_tensor(value, [](TensorRef& ref) { ++ref.index; });
  EXPECT_EQ(value.list[0], Value::of_input(4));
  EXPECT_EQ(value.list[1].list[0], Value::of_result(1, 3));
}

}  // namespace
}  // namespace corpora
