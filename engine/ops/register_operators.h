// register_operators: the declared operators in a dispatcher, each form with its kernels: at CPU and CUDA by
// its compute functor, at Meta by its rule alone, at BackendSelect where no tensor says the device, at
// ADInplaceOrView for versions of what is written, fallthroughs at the keys whose bits its kernels read
// themselves, and at ZeroTensor its zero rule. All else is the fallbacks' (engine/fallbacks). Promises: a
// result is allocated as its rule says, on every device alike; an out= is resized, an in-place one never;
// what may not be written is refused before anything is written.
#pragma once

#include <string_view>

#include "engine/dispatch/dispatcher.h"
#include "engine/ops/declaration.h"

namespace engine::ops {

enum class Form : uint8_t { functional, in_place, out };

struct DeclaredForm {
  const OperatorDeclaration* declaration = nullptr;
  Form form = Form::functional;
};

// All families, or one declaration, which must outlive the registrations.
[[nodiscard]] Registrations register_operators(Dispatcher& dispatcher);
[[nodiscard]] Registrations register_operator(Dispatcher& dispatcher, const OperatorDeclaration& declaration);

// How an operator ("aten::add_.Tensor") was declared; nothing when it was not by any family.
DeclaredForm declared_form(std::string_view qualified);
// The schema text of one form; empty when the declaration does not have it.
std::string_view schema_of(const OperatorDeclaration& declaration, Form form);

}  // namespace engine::ops
