#include "engine/autograd/schema_effects.h"

#include <algorithm>
#include <atomic>

#include "engine/autograd/not_implemented.h"
#include "engine/core/each_tensor.h"
#include "engine/core/error.h"

namespace engine::autograd {

namespace {

std::atomic<bool> debug_checks{false};

int only_read_alias(const std::vector<Argument>& arguments, const char* what, const std::string& op) {
  int found = -1;
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (!arguments[i].alias || arguments[i].is_write()) continue;
    if (found >= 0)
      throw Error("Expected only a single " + std::string(what) +
                  " in the operator schema to have a non-write alias "
                  "annotation: " +
                  op);
    found = static_cast<int>(i);
  }
  return found;
}

}  // namespace

void set_debug_checks(bool enabled) { debug_checks = enabled; }

SchemaEffects::SchemaEffects(const Schema& schema) {
  viewed_argument = only_read_alias(schema.arguments, "input", schema.qualified());
  view_result = only_read_alias(schema.returns, "output", schema.qualified());
  views = view_result >= 0;
  writes = schema.is_mutable();
}

void SchemaEffects::check_places(const Schema& schema) const {
  if (viewed_argument < 0 && view_result < 0) return;
  if (viewed_argument != 0)
    throw Error(schema.qualified() +
                ": the kernel for in-place writes and views only supports a view of the first "
                "argument. It received a view of another argument.");
  if (view_result != 0)
    throw Error(schema.qualified() +
                ": the kernel for in-place writes and views only supports a view as the first "
                "output. It received a view as another output.");
  const Argument& viewed = schema.arguments[0];
  if (viewed.type.kind != TypeKind::tensor)
    throw Error(schema.qualified() + ": the argument of which a view is returned must be a Tensor.");
}

DebugChecks::DebugChecks(const Call& call, const Stack& stack) : call_(call), enabled_(debug_checks) {
  if (!enabled_) return;
  const size_t count = call.schema().arguments.size();
  below_ = stack.size() - count;
  const std::span<const Value> arguments(stack.end() - count, stack.end());
  for_each_tensor(arguments, [&](const Tensor& tensor) {
    if (!tensor.defined()) return;
    inputs_.push_back(tensor);
    storages_.push_back(tensor.storage());
  });
}

void DebugChecks::after(const Stack& stack) const {
  if (!enabled_) return;
  for (size_t i = 0; i < inputs_.size(); ++i)
    if (inputs_[i].storage() != storages_[i])
      throw Error(call_.op().name() + ": the kernel replaced the storage of an argument",
                  ErrorKind::internal);
  const std::vector<Argument>& returns = call_.schema().returns;
  for (size_t i = below_; i < stack.size(); ++i) {
    const Argument& declared = returns[i - below_];
    for_each_tensor(*(stack.begin() + static_cast<std::ptrdiff_t>(i)), [&](const Tensor& tensor) {
      if (!tensor.defined() || !tensor.storage()) return;
      const bool shares = std::ranges::count(storages_, tensor.storage()) > 0;
      if (!declared.alias && shares)
        throw Error(
            call_.op().name() + ": a result shares the memory of an argument, which its schema does not say",
            ErrorKind::internal);
      if (declared.alias && !declared.is_write() && !shares)
        throw Error(call_.op().name() + ": a result is declared as a view, but has memory of its own",
                    ErrorKind::internal);
    });
  }
}

}  // namespace engine::autograd
