// The fallback at Meta: raises for every operator without a Meta kernel, and says what to register.
#include <fmt/format.h>

#include "engine/core/error.h"
#include "engine/dispatch/operator.h"
#include "engine/fallbacks/fallbacks.h"
#include "engine/ops/declaration.h"
#include "engine/ops/needs_data.h"

namespace engine::fallbacks {

namespace {

[[noreturn]] void refuse(const Call& call, Stack&) {
  const std::string& op = call.entry.name();
  const ops::OperatorDeclaration* const declared = ops::declared_form(op).declaration;
  if (declared && declared->needs_data) throw ops::NeedsData(op);
  throw Error(
      fmt::format("{} has no Meta kernel: register one at DispatchKey::Meta, which sets the sizes, strides "
                  "and dtypes of the results",
                  op),
      ErrorKind::not_implemented);
}

}  // namespace

Kernel meta() { return Kernel::from_boxed(&refuse); }

}  // namespace engine::fallbacks
