#include "engine/fuser/fusable.h"

#include "engine/dispatch/boxing.h"
#include "engine/dispatch/dispatcher.h"
#include "engine/ops/declaration.h"
#include "engine/ops/form_kernels.h"

namespace engine::fuser {

namespace {

// Whether the operator's kernel on the CPU is that of its declaration.
bool has_declared_kernel(const Operator& op) {
  static const BoxedFunction declared =
      boxed_kernel_of(ops::FormKernel{nullptr, ops::Form::functional}).boxed;
  const Kernel* const kernel = op.dispatcher().own_kernel(op.entry(), DispatchKey::CPU);
  return kernel && kernel->boxed == declared;
}

bool has_only_numbers_as_constants(const ir::Node& node) {
  for (const ir::Operand& operand : node.operands) {
    if (operand.kind == ir::Operand::Kind::list) return false;
    if (operand.kind == ir::Operand::Kind::use) continue;
    if (!operand.constant.is_number() && !operand.constant.is_none()) return false;
  }
  return true;
}

bool reads_only_tensors(const ir::Node& node) {
  for (size_t i = 0; i < node.operands.size(); ++i)
    if (node.operands[i].kind == ir::Operand::Kind::use &&
        node.op->schema().arguments[i].type.kind != TypeKind::tensor)
      return false;
  return true;
}

}  // namespace

FallbackReason why_not_fusable(const ir::Node& node) {
  if (node.primitive != ir::Primitive::call) return FallbackReason::none;
  const ops::DeclaredForm form = ops::declared_form(node.op->name());
  if (!form.declaration || form.form != ops::Form::functional || !form.declaration->elements ||
      !has_only_numbers_as_constants(node) || !reads_only_tensors(node))
    return FallbackReason::not_pointwise;
  return has_declared_kernel(*node.op) ? FallbackReason::none : FallbackReason::replaced_kernel;
}

}  // namespace engine::fuser
