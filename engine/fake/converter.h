// Converter: fake tensors of real ones. Promises: the same tensor gives the same fake as long as it lives;
// tensors over one storage give fakes over one storage; the fake of a view is a view of the fake of its base;
// sizes, strides, offset, dtype, device, lazy bits, what requires grad and what is a leaf are as in the real
// tensor, which is not changed, nor its version, and lives no longer than without its fake. Refuses wrappers
// of other interpreters by Error(type). The history of a tensor that is not a leaf ends in the fake: backward
// raises there.
#pragma once

#include <cstdint>

#include "engine/python/wrapper.h"

namespace engine::fake {

class Converter {
 public:
  // The interpreter of the fakes.
  explicit Converter(Interpreter& mode);

  Tensor fake_of(const Tensor& real);

 private:
  Tensor made_of(const Tensor& real);
  Storage storage_of(const Tensor& real) const;
  void give_history(const Tensor& fake, const Tensor& real);

  Interpreter& mode_;
  uint64_t number_;  // of this converter: its address may be that of an earlier one
};

}  // namespace engine::fake
