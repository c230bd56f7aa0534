// Library: registrations of one namespace, undone together when it ends.
//   Library aten(dispatcher, "aten");
//   aten.def("neg(Tensor self) -> Tensor");
//   aten.impl("neg", DispatchKey::CPU, kernel<&neg_cpu>());
//   aten.impl("neg", DispatchKey::Meta, kernel_of([](const Tensor& self) { ... }));
// A name may have a namespace, which must be the library's. Throws Error(registration) and changes nothing if
// a registration is refused.
#pragma once

#include <string>
#include <string_view>

#include "engine/dispatch/dispatcher.h"

namespace engine {

class Library {
 public:
  Library(Dispatcher& dispatcher, std::string name_space, std::string where = unknown_place);

  void def(std::string_view schema, const Accuracy& accuracy = accuracy::undeclared);
  // Without a key, or with Undefined: CompositeImplicitAutograd.
  void impl(std::string_view name, DispatchKey key, Kernel kernel);
  void impl(std::string_view name, Kernel kernel) { impl(name, DispatchKey::Undefined, std::move(kernel)); }

  // Keeps the registrations as long as the dispatcher.
  void keep();

 private:
  std::string with_namespace(std::string_view name) const;

  Dispatcher& dispatcher_;
  std::string name_space_, where_;
  Registrations registrations_;
};

}  // namespace engine
