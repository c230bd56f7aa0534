// For the laws of fake tensors: wrong conversions, calls and devices, with one mistake each.
#pragma once

#include "properties/fake_world.h"

namespace properties {

engine::Tensor converts_without_memo(FakeMode& mode, const engine::Tensor& real);
engine::Tensor converts_and_bumps(FakeMode& mode, const engine::Tensor& real);
engine::Tensor converts_and_writes(FakeMode& mode, const engine::Tensor& real);
engine::Tensor converts_and_remembers(FakeMode& mode, const engine::Tensor& real);

void gives_contiguous_results(FakeMode& mode, const engine::Operator& op, engine::Stack& stack);
void gives_results_on_meta(FakeMode& mode, const engine::Operator& op, engine::Stack& stack);
void catches_errors(FakeMode& mode, const engine::Operator& op, engine::Stack& stack);
void hits_give_contiguous_results(FakeMode& mode, const engine::Operator& op, engine::Stack& stack);
void hits_lose_a_key(FakeMode& mode, const engine::Operator& op, engine::Stack& stack);
void keeps_constants(FakeMode& mode, const engine::Operator& op, engine::Stack& stack);
void forgets_one_constant(FakeMode& mode, const engine::Operator& op, engine::Stack& stack);
void leaves_the_mode(FakeMode& mode, const engine::Operator& op, engine::Stack& stack);
void leaves_a_key_excluded(FakeMode& mode, const engine::Operator& op, engine::Stack& stack);
void accepts_views_of_zeros(FakeMode& mode, const engine::Operator& op, engine::Stack& stack);
void writes_before_each_item(FakeMode& mode, const engine::Operator& op, engine::Stack& stack);
void skips_writes(FakeMode& mode, const engine::Operator& op, engine::Stack& stack);
void writes_plain_tensors(FakeMode& mode, const engine::Operator& op, engine::Stack& stack);
void converts_each_time(FakeMode& mode, const engine::Operator& op, engine::Stack& stack);

std::optional<engine::Device> takes_the_first_device(std::span<const engine::Tensor> tensors);
std::optional<engine::Device> takes_the_first_with_dims(std::span<const engine::Tensor> tensors);

}  // namespace properties
