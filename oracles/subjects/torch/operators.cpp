#include "oracles/subjects/torch/operators.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "engine/core/input_error.h"
#include "engine/dispatch/schema_parser.h"
#include "oracles/dispatch/dispatch_operator.h"
#include "oracles/subjects/host.h"
#include "oracles/subjects/torch/arguments.h"
#include "oracles/subjects/torch/error_origin.h"
#include "oracles/subjects/torch/operator_facts.h"
#include "oracles/subjects/torch/python_layers.h"
#include "oracles/subjects/torch/python_meta_kernels.h"
#include "oracles/subjects/torch/typed.h"
#include "oracles/subjects/torch/version.h"

namespace oracles::aten {

namespace {

using c10::DispatchKey;

std::string qualified(const c10::OperatorName& name) {
  return name.overload_name.empty() ? name.name : name.name + "." + name.overload_name;
}

bool is_string_list(const engine::Type& type) {
  return type.kind == engine::TypeKind::string ||
         ((type.kind == engine::TypeKind::list || type.kind == engine::TypeKind::optional) &&
          is_string_list(type.element()));
}

void name_dimensions(engine::Type& type) {
  if (type.kind == engine::TypeKind::string) {
    type.kind = engine::TypeKind::dimname;
  } else {
    name_dimensions(type.elements.front());
  }
}

engine::Schema declared_schema(const c10::OperatorHandle& handle) {
  std::ostringstream text;
  text << handle.schema();
  engine::Schema schema = engine::parse_schema(text.str());
  if (!has_dimension_names) return schema;
  for (engine::Argument& argument : schema.arguments)
    if (schema.name.starts_with("aten::") && is_string_list(argument.type) &&
        names_a_dimension(argument.name))
      name_dimensions(argument.type);
  return schema;
}

bool any_kernel(const c10::OperatorHandle& handle, std::initializer_list<DispatchKey> keys) {
  for (DispatchKey key : keys)
    if (handle.hasKernelForDispatchKey(key)) return true;
  return false;
}

bool seeded(const c10::OperatorHandle& handle) { return handle.hasTag(at::Tag::nondeterministic_seeded); }

// c10 notes "registered at FILE:LINE" beside each schema.
bool registered_by_library(const c10::OperatorHandle& handle) {
  constexpr std::string_view before = "registered at ";
  std::string_view place = handle.debug();
  if (!place.starts_with(before)) return false;
  place.remove_prefix(before.size());
  return is_library_file(place.substr(0, place.rfind(':')));
}

bool is_by_author(const c10::OperatorHandle& handle, const std::string& name) {
  return !registered_by_library(handle) && !is_python_library(name) && !is_test_of_library(name) &&
         !(host() && host()->is_of_library(name));
}

// The fallback at Meta that raises NotImplementedError does not count.
bool serves_meta(const c10::OperatorHandle& handle) {
  if (!handle.hasComputedKernelForDispatchKey(DispatchKey::Meta)) return false;
  if (!meta_fallback_raises) return true;
  return any_kernel(
      handle, {DispatchKey::Meta, DispatchKey::CompositeImplicitAutograd,
               DispatchKey::CompositeExplicitAutograd, DispatchKey::CompositeExplicitAutogradNonFunctional});
}

corpora::Operator declared(const c10::OperatorHandle& handle, DispatchKey backend) {
  corpora::Operator op;
  op.schema = declared_schema(handle);
  op.name = op.schema.qualified();
  op.random = seeded(handle) || takes_generator(op.schema) || draws_at_random(op.schema.name);
  op.changes_geometry = handle.hasTag(at::Tag::inplace_view) || changes_geometry(op.schema.name);
  op.off_limits = is_off_limits(op.name) || op.schema.varargs;
  op.by_author = is_by_author(handle, op.name);
  op.runnable = any_kernel(
      handle, {DispatchKey::CPU, backend, DispatchKey::CompositeImplicitAutograd,
               DispatchKey::CompositeExplicitAutograd, DispatchKey::CompositeExplicitAutogradNonFunctional});
  return op;
}

BoundOperator bind(const c10::OperatorHandle& handle, const corpora::Operator& op) {
  BoundOperator bound{.handle = handle, .declared = &op, .own = {}};
  bound.typed = typed_call_of(handle, op.schema);
  bound.callable = !op.schema.varargs && !op.schema.varreturns;
  bound.composite = handle.hasKernelForDispatchKey(DispatchKey::CompositeImplicitAutograd) &&
                    !any_kernel(handle, {DispatchKey::CPU, DispatchKey::CompositeExplicitAutograd,
                                         DispatchKey::AutogradCPU});
  bound.own_meta = handle.hasKernelForDispatchKey(DispatchKey::Meta);
  bound.meta_below_autograd =
      bound.own_meta && !handle.hasComputedKernelForDispatchKey(DispatchKey::AutogradMeta);
  bound.own_python = handle.hasKernelForDispatchKey(DispatchKey::Python);
  bound.own_functional = handle.hasKernelForDispatchKey(DispatchKey::Functionalize);
  bound.own_batched = handle.hasKernelForDispatchKey(DispatchKey::FuncTorchBatched);
  bound.meta_missing = !serves_meta(handle);
  bound.meta_in_python = host() == nullptr && std::ranges::binary_search(python_meta_kernels(), op.name);
  for (const corpora::LayerRow& row : corpora::all_layers())
    if (row.marks_views && handle.hasKernelForDispatchKey(key_of(row)))
      bound.own = bound.own.add(key_of(row));
  return bound;
}

}  // namespace

c10::DispatchKey key_of(const corpora::LayerRow& row) {
  return c10::parseDispatchKey(std::string(engine::name_of(*row.key)));
}

Operators::Operators(c10::DispatchKeySet backend) {
  auto& dispatcher = c10::Dispatcher::singleton();
  std::map<std::string, c10::OperatorHandle> handles;
  std::vector<corpora::Operator> found;
  for (const c10::OperatorName& name : dispatcher.getAllOpNames()) {
    const auto handle = dispatcher.findSchema(name);
    if (!handle || name.name.starts_with(python_layers_namespace)) continue;
    try {
      found.push_back(declared(*handle, backend.highestPriorityTypeId()));
    } catch (const engine::InputError& bad) {
      if (is_by_author(*handle, qualified(name))) left_out_.push_back(qualified(name) + ": " + bad.line());
      continue;
    }
    handles.emplace(qualified(name), *handle);
  }
  found.push_back(program_operator());
  corpora::DTypeSet dtypes = 0;
  for (const engine::DType dtype : engine::all_dtypes)
    if (has_dtype(dtype)) dtypes |= corpora::only(dtype);
  catalog_ = corpora::Catalog(std::move(found), dtypes);
  for (const corpora::Operator& op : catalog_.operators()) {
    if (op.name == corpora::program_operator) continue;
    const auto handle = handles.find(op.name);
    TORCH_CHECK(handle != handles.end(), op.name, " is printed under another name than it has");
    const auto index = static_cast<uint32_t>(bound_.size());
    bound_.push_back(bind(handle->second, op));
    by_name_.emplace(op.name, index);
    by_identity_.emplace(&handle->second.operator_name(), index);
  }
}

const BoundOperator* Operators::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &bound_[found->second];
}

const BoundOperator* Operators::find(const c10::OperatorHandle& handle) const {
  const auto found = by_identity_.find(&handle.operator_name());
  return found == by_identity_.end() ? nullptr : &bound_[found->second];
}

bool Operators::by_authors(const corpora::Case& c) const {
  return std::ranges::any_of(
      c.calls, [this](const corpora::Call& call) { return find(call.op)->declared->by_author; });
}

}  // namespace oracles::aten
