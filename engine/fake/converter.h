// Converter: fake tensors of real ones. Promises: the same tensor gives the same fake as long as it lives;
// tensors over one storage give fakes over one storage; the fake of a view is a view of the fake of its base;
// sizes, strides, offset, dtype, device, lazy bits, what requires grad, what is a leaf and what is an
// inference tensor are as in the real tensor, which is not changed, nor its version, and lives no longer than
// without its fake. Refuses wrappers of other interpreters by Error(type). The history of a tensor that is
// not a leaf ends in the fake: backward raises there.
#pragma once

#include <cstdint>

#include "engine/python/wrapper.h"

namespace engine::fake {

class ShapeEnv;

class Converter {
 public:
  // The interpreter of the fakes, and the symbols of their sizes; null: sizes are numbers.
  Converter(Interpreter& mode, ShapeEnv* shapes);

  Tensor fake_of(const Tensor& real);
  // A fake that may hold the real tensor, which must not hold it then: as fake_of(), but another one in each
  // call, without history and symbols.
  Tensor fake_without_memo(const Tensor& real);

 private:
  Tensor made_of(const Tensor& real);
  Storage storage_of(const Tensor& real) const;
  void give_history(const Tensor& fake, const Tensor& real);

  Interpreter& mode_;
  ShapeEnv* shapes_;
  uint64_t number_;  // of this converter: its address may be that of an earlier one
};

}  // namespace engine::fake
