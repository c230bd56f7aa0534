#include "engine/ops/register_operators.h"

#include <algorithm>

#include "engine/dispatch/boxing.h"
#include "engine/dispatch/schema_parser.h"
#include "engine/ops/form_kernels.h"
#include "engine/ops/zero_rule.h"

namespace engine::ops {

namespace {

bool takes_tensors(const Schema& schema) {
  return std::any_of(schema.arguments.begin(), schema.arguments.end(),
                     [](const Argument& argument) { return holds_tensor(argument.type); });
}

int device_argument(const Schema& schema) {
  for (size_t i = 0; i < schema.arguments.size(); ++i)
    if (schema.arguments[i].name == "device") return static_cast<int>(i);
  return -1;
}

// Registers one form; `add` takes a key and a kernel.
template <class Add>
void add_kernels(const OperatorDeclaration& declaration, Form form, const Schema& schema, const Add& add) {
  if (declaration.kind == OperatorKind::composite)
    return add(DispatchKey::CompositeImplicitAutograd, Kernel::from_boxed(declaration.kernel));
  const auto kernel = [&] {
    return declaration.kind == OperatorKind::boxed ? Kernel::from_boxed(declaration.kernel)
                                                   : boxed_kernel_of(FormKernel{&declaration, form});
  };
  for (const DispatchKey key : {DispatchKey::CPU, DispatchKey::CUDA}) add(key, kernel());
  if (!declaration.needs_data) add(DispatchKey::Meta, kernel());
  if (!takes_tensors(schema))
    add(DispatchKey::BackendSelect, boxed_kernel_of(SelectBackend{device_argument(schema)}));
  if (schema.is_mutable()) add(DispatchKey::ADInplaceOrView, boxed_kernel_of(BumpVersions{}));
  for (const DispatchKey key : {DispatchKey::Conjugate, DispatchKey::Negative, DispatchKey::ZeroTensor})
    if (declaration.handles.has(key)) add(key, Kernel::fallthrough());
  if (form == Form::functional && declaration.zero && !declaration.handles.has(DispatchKey::ZeroTensor))
    add(DispatchKey::ZeroTensor, boxed_kernel_of(ZeroRuleKernel{&declaration}));
}

}  // namespace

Registrations register_operators(Dispatcher& dispatcher) {
  Registrations made;
  const std::string where = "engine/ops";
  for (const OperatorDeclaration* declaration : all_declarations())
    for (const Form form : declaration->forms()) {
      const Schema schema = parse_schema(declaration->schema(form));
      made.push_back(dispatcher.define(schema, where, declaration->accuracy));
      add_kernels(*declaration, form, schema, [&](DispatchKey key, Kernel kernel) {
        made.push_back(dispatcher.implement(schema.qualified(), key, std::move(kernel), where));
      });
    }
  return made;
}

}  // namespace engine::ops
