// Defines an operator that the engine has.
#include "engine/plugin.h"

void faultline_register(engine::Dispatcher& dispatcher) {
  engine::Library mine(dispatcher, "aten");
  mine.def("exp(Tensor self) -> Tensor");
  mine.keep();
}
