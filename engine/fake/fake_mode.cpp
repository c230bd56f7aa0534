#include "engine/fake/fake_mode.h"

#include <utility>

#include "engine/backends/copy.h"
#include "engine/fake/constants.h"
#include "engine/fake/fake_call.h"

namespace engine::fake {

namespace {

constexpr size_t fake_place = static_cast<size_t>(ModePlace::fake);

}  // namespace

FakeMode::FakeMode(FakeSettings settings) : settings_(settings), converter_(*this, settings.shapes) {}

Tensor FakeMode::lift(const Tensor& real) {
  if (!real.defined() || is_fake(real)) return real;
  if (!real.has_data() || real.element_count() > constant_elements_max) return fake_of(real);
  const Tensor own = make_strided_tensor(real.dtype(), real.sizes(), real.strides());
  copy_values(own, real);
  const Tensor fake = converter_.fake_without_memo(own);
  keep_constant(fake, own);
  return fake;
}

Answer FakeMode::dispatch(const Call& call, Stack& stack) {
  FakeCall fake(*this, call, stack);
  if (!fake.takes_arguments()) return Answer::not_implemented;
  fake.run();
  return Answer::done;
}

UseFakeMode::UseFakeMode(FakeMode& mode) {
  Modes modes = thread_modes;
  if (std::exchange(modes.in_place[fake_place], nullptr)) without_other_.emplace(modes);
  guard_.emplace(mode, ModePlace::fake);
}

}  // namespace engine::fake
