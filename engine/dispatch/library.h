// Library: registrations that belong together, in one namespace, undone together when it ends.
//   Library aten(dispatcher, "aten");
//   aten.def("neg(Tensor self) -> Tensor");
//   aten.impl("neg", DispatchKey::CPU, kernel<&neg_cpu>());
//   aten.impl("neg", DispatchKey::Meta, kernel_of([](const Tensor& self) { ... }));
// Names may carry the namespace, then it must be this one's. Throws Error(registration) and changes nothing
// when a registration is refused.
#pragma once

#include <string>
#include <string_view>

#include "engine/dispatch/dispatcher.h"

namespace engine {

class Library {
 public:
  enum class Kind : uint8_t {
    fragment,   // any number for each namespace: defines and implements
    owner,      // one for each namespace: defines and implements
    implements  // only implements; in namespace "_", fallbacks
  };

  Library(Dispatcher& dispatcher, std::string name_space, Kind kind = Kind::fragment, std::string where = {});

  void def(std::string_view schema, const Accuracy& accuracy = accuracy::undeclared);
  void def(std::string_view name, const Kernel& kernel);  // inferred schema, and the kernel for composites
  // Without a key, or with Undefined: CompositeImplicitAutograd.
  void impl(std::string_view name, DispatchKey key, Kernel kernel);
  void impl(std::string_view name, Kernel kernel) { impl(name, DispatchKey::Undefined, std::move(kernel)); }
  void fallback(DispatchKey key, const Kernel& kernel);

  // Undoes all, the last first.
  void reset();
  // Undoes nothing any more: all of it stays as long as the dispatcher.
  void keep();

 private:
  std::string with_namespace(std::string_view name) const;
  void refuse_definition(std::string_view what) const;

  Dispatcher& dispatcher_;
  std::string name_space_;
  Kind kind_;
  std::string where_;
  struct LastFirst : Registrations {
    ~LastFirst() {
      while (!empty()) pop_back();
    }
  } registrations_;
};

}  // namespace engine
