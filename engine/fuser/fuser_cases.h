// For tests: a dispatcher with a fuser, and runs of groups that must be fused, must fall back, or must agree.
#pragma once

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "engine/core/float_formats.h"
#include "engine/fuser/fuser.h"
#include "engine/ir/interpreter.h"
#include "engine/ir/parse.h"
#include "engine/operator_cases.h"

namespace engine::fuser {

using ops::Operators;
using ops::tensor_of;

struct World {
  explicit World(FuserSettings settings = {}) : fuser(op.dispatcher(), std::move(settings)) {}

  ir::Graph graph(const std::string& text) { return ir::parse_graph(text, op.dispatcher()); }
  // The outputs of a fused run, which must be fused.
  Stack fused(const std::string& text, Stack stack) {
    const int64_t key = fuser.add(graph(text));
    const uint64_t before = fuser.counts().fused;
    fuser.run(key, stack);
    std::string reasons = fuser.compiler_message();
    for (size_t i = 1; i < fallback_reason_count; ++i)
      if (fuser.counts().fallbacks[i] > 0)
        reasons += "; " + std::string(name_of(static_cast<FallbackReason>(i)));
    EXPECT_EQ(fuser.counts().fused, before + 1) << text << reasons;
    return stack;
  }
  Stack eager(const std::string& text, Stack stack) {
    ir::interpret(graph(text), op.dispatcher(), stack);
    return stack;
  }
  // Why it falls back.
  FallbackReason reason(const std::string& text, const Stack& inputs) {
    const int64_t key = fuser.add(graph(text));
    const FuserCounts before = fuser.counts();
    Stack stack = inputs;
    EXPECT_FALSE(fuser.run_fused(key, stack));
    EXPECT_EQ(stack.size(), inputs.size());
    const FuserCounts after = fuser.counts();
    for (size_t i = 0; i < fallback_reason_count; ++i)
      if (after.fallbacks[i] > before.fallbacks[i]) return static_cast<FallbackReason>(i);
    return FallbackReason::none;
  }

  Operators op;
  Fuser fuser;
};

// The bytes of the elements, row-major; a NaN has one pattern.
inline std::string bytes_of(const Tensor& tensor) {
  std::string bytes;
  const size_t width = size_of(tensor.dtype());
  for_each_position(tensor.sizes(), tensor.strides(), 0, [&](int64_t at) {
    const auto* const element = tensor.data<std::byte>() + at * static_cast<int64_t>(width);
    const double value = with_stored(tensor.dtype(), [&]<class Stored>() -> double {
      Stored stored;
      std::memcpy(&stored, element, sizeof stored);
      if constexpr (requires { stored.re; })
        return 0;
      else
        return double_from(stored);
    });
    if (std::isnan(value))
      bytes.append(width, '!');
    else
      bytes.append(reinterpret_cast<const char*>(element), width);
  });
  return bytes;
}

inline void expect_equal(const Tensor& a, const Tensor& b, const std::string& what) {
  EXPECT_EQ(a.dtype(), b.dtype()) << what;
  EXPECT_TRUE(a.sizes() == b.sizes()) << what;
  EXPECT_TRUE(a.strides() == b.strides()) << what;
  EXPECT_EQ(bytes_of(a), bytes_of(b)) << what;
  EXPECT_EQ(a.requires_grad(), b.requires_grad()) << what;
}

inline void expect_agreement(World& world, const std::string& text, const Stack& inputs) {
  const Stack fused = world.fused(text, inputs), eager = world.eager(text, inputs);
  ASSERT_EQ(fused.size(), eager.size());
  for (size_t i = 0; i < fused.size(); ++i)
    expect_equal(fused[i].tensor(), eager[i].tensor(), fmt::format("result {} of {}", i, text));
}

// Numbers of every kind: integers, fractions, zeros of both signs, large and small, infinite, NaN.
inline Tensor numbers(DType dtype, IntSpan sizes, uint64_t seed) {
  constexpr std::array<double, 20> kinds{0,    -0.0,     1,         -1,   2,     3,      0.5,
                                         -2.5, 0.1,      7.25,      1e-3, 100.7, -300.2, 65504.0,
                                         1e5,  HUGE_VAL, -HUGE_VAL, NAN,  1e-40, -77};
  std::vector<double> values;
  for (int64_t i = 0; i < element_count(sizes); ++i) {
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    values.push_back(kinds[(seed >> 33) % kinds.size()]);
  }
  return tensor_of(dtype, sizes, values);
}

}  // namespace engine::fuser
