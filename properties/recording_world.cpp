#include "properties/recording_world.h"

#include "engine/core/error.h"
#include "engine/dispatch/thread_keys.h"

namespace properties {

using engine::DispatchKey;
using engine::Tensor;

template <class F>
void RecordingWorld::add(const std::string& schema, F kernel) {
  own_.push_back(op.dispatcher().define(schema));
  own_.push_back(op.dispatcher().implement(schema.substr(0, schema.find('(')), DispatchKey::CPU,
                                           engine::kernel_of(std::move(kernel))));
}

void RecordingWorld::opt_in(std::string_view name) {
  own_.push_back(op.dispatcher().implement(name, DispatchKey::Autograd, engine::autograd::not_implemented()));
  own_.push_back(op.dispatcher().implement(name, DispatchKey::ADInplaceOrView,
                                           engine::autograd::not_implemented_in_place_or_view()));
}

RecordingWorld::RecordingWorld() {
  const auto see = [this] {
    ++runs;
    excluded = engine::thread_keys.excluded;
  };
  const auto twice = [this, see](const Tensor& self) {
    see();
    return op("aten::mul.Scalar", {self, 2});
  };
  const auto double_in_place = [this, see](const Tensor& self, const Tensor&) {
    see();
    return op("aten::mul_.Scalar", {self, 2});
  };
  const auto first = [see](const Tensor& self) {
    see();
    return self.view({1}, engine::Dims{1}, self.offset());
  };
  const auto second = [see](const Tensor&, const Tensor& other) {
    see();
    return other;
  };
  add("law::twice(Tensor self) -> Tensor", twice);
  add("law::through(Tensor self) -> Tensor", twice);
  add("law::opt_twice(Tensor self) -> Tensor", twice);
  add("law::opt_double_(Tensor(a!) self, Tensor other) -> Tensor(a!)", double_in_place);
  add("law::opt_first(Tensor(a) self) -> Tensor(a)", first);
  add("law::opt_two_views(Tensor(a) self, Tensor(b) other) -> Tensor(b)", second);
  add("law::opt_not_first(Tensor self, Tensor(a) other) -> Tensor(a)", second);
  for (const char* name :
       {"law::opt_twice", "law::opt_double_", "law::opt_first", "law::opt_two_views", "law::opt_not_first"})
    opt_in(name);
  own_.push_back(
      op.dispatcher().implement("law::through", DispatchKey::Autograd, engine::Kernel::fallthrough()));
}

bool RecordingWorld::refuses(std::string_view name, std::vector<engine::Value> arguments) const {
  try {
    all(name, std::move(arguments));
    return false;
  } catch (const engine::Error&) {
    return true;
  }
}

}  // namespace properties
