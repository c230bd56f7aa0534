// The judgement of gradients: whether those that a recorded program returns are its derivative
// (derivative.h), along directions through all storages at once. Promises: a kink, a jump, a pole or a slope
// that is too steep for its steps is incomparable.
#pragma once

#include <initializer_list>
#include <optional>

#include "oracles/gradients/tangents.h"
#include "oracles/trial/trial.h"

namespace oracles {

// Kernels may not take these although they take wider ones.
inline constexpr std::initializer_list<engine::DType> half_dtypes{
    engine::DType::f16, engine::DType::bf16, engine::DType::f8e4m3fn, engine::DType::f8e5m2};
inline constexpr std::initializer_list<engine::DType> narrow_dtypes{
    engine::DType::f8e4m3fn, engine::DType::f8e5m2, engine::DType::f16,
    engine::DType::bf16,     engine::DType::f32,    engine::DType::c64};
// Whether a storage of the case has one of them.
bool has_dtype(const Trial& trial, std::initializer_list<engine::DType> dtypes);

// Whether an operator of an author has no derivative: its results have no history then, or one that raises.
bool has_no_formula(Trial& trial);

Verdict wrong_gradient(const Trial& trial, size_t call, Place place, Side left, Side right, Verdict verdict);

// Judges the first `calls` calls along the path of the verdict's right side: in f64 or, if operators take
// only f32, in that. Nothing if gradients are returned in neither.
std::optional<Verdict> judge_gradients(Trial& trial, size_t calls, const Verdict& verdict);

// The weighted tangents of a run along dual(n).
Projected forward_slope(Trial& trial, const Outcome& wide);
// The same in f64 for the tangents of forward mode, along several directions. Nothing if it returns none.
std::optional<Verdict> judge_tangents(Trial& trial, const TangentDraw& draw, const Verdict& verdict);

// The same in f64 for the derivative of the gradients. Nothing if they have none.
std::optional<Verdict> judge_second_gradients(Trial& trial, const Verdict& verdict);

}  // namespace oracles
