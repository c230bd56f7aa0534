#include "engine/ops/register_operators.h"

#include <algorithm>
#include <map>
#include <mutex>

#include "engine/core/check.h"
#include "engine/dispatch/boxing.h"
#include "engine/dispatch/schema_parser.h"
#include "engine/ops/form_kernels.h"
#include "engine/ops/zero_rule.h"

namespace engine::ops {

namespace {

const Family* first_family = nullptr;
size_t family_count = 0;

constexpr std::array all_forms{Form::functional, Form::in_place, Form::out};

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
  const bool boxed = declaration.kind == OperatorKind::boxed;
  if (declaration.kind == OperatorKind::composite) {
    add(DispatchKey::CompositeImplicitAutograd, Kernel::from_boxed(declaration.kernel));
    return;
  }
  const auto kernel = [&] {
    return boxed ? Kernel::from_boxed(declaration.kernel) : boxed_kernel_of(FormKernel{&declaration, form});
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

struct DeclaredForms {
  std::map<std::string, DeclaredForm, std::less<>> by_name;
  size_t families = 0;
};

}  // namespace

Family::Family(std::vector<OperatorDeclaration> declarations)
    : declarations_(std::move(declarations)), next_(first_family) {
  first_family = this;
  ++family_count;
}

std::vector<const OperatorDeclaration*> all_declarations() {
  std::vector<const OperatorDeclaration*> all;
  for (const Family* family = first_family; family; family = family->next())
    for (const OperatorDeclaration& declaration : family->declarations()) all.push_back(&declaration);
  std::sort(all.begin(), all.end(), [](const OperatorDeclaration* a, const OperatorDeclaration* b) {
    return a->schemas().front() < b->schemas().front();
  });
  return all;
}

std::string_view schema_of(const OperatorDeclaration& declaration, Form form) {
  if (form == Form::functional) return declaration.functional;
  return form == Form::in_place ? declaration.in_place : declaration.out;
}

Registrations register_operator(Dispatcher& dispatcher, const OperatorDeclaration& declaration) {
  Registrations made;
  const std::string where = "engine/ops";
  for (const Form form : all_forms) {
    const std::string_view text = schema_of(declaration, form);
    if (text.empty()) continue;
    const Schema schema = parse_schema(text);
    const std::string name = schema.qualified();
    made.push_back(dispatcher.define(schema, where, declaration.accuracy));
    add_kernels(declaration, form, schema, [&](DispatchKey key, Kernel kernel) {
      made.push_back(dispatcher.implement(name, key, std::move(kernel), where));
    });
  }
  return made;
}

Registrations register_operators(Dispatcher& dispatcher) {
  Registrations made;
  for (const OperatorDeclaration* declaration : all_declarations())
    for (Registration& each : register_operator(dispatcher, *declaration)) made.push_back(std::move(each));
  return made;
}

DeclaredForm declared_form(std::string_view qualified) {
  static std::mutex mutex;
  static DeclaredForms forms;
  const std::lock_guard lock(mutex);
  if (forms.families != family_count) {
    for (const OperatorDeclaration* declaration : all_declarations())
      for (const Form form : all_forms)
        if (const std::string_view text = schema_of(*declaration, form); !text.empty())
          forms.by_name[parse_schema(text).qualified()] = {declaration, form};
    forms.families = family_count;
  }
  const auto found = forms.by_name.find(qualified);
  return found == forms.by_name.end() ? DeclaredForm{} : found->second;
}

}  // namespace engine::ops
