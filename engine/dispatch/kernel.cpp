#include "engine/dispatch/kernel.h"

#include "engine/core/check.h"
#include "engine/dispatch/operator.h"

namespace engine {

namespace {

void fall_through(const Call& call, Stack&) {
  CHECK(false, call.entry.name() + ": a fallthrough was executed");
}

}  // namespace

Operator Call::op() const { return Operator(&entry); }
Dispatcher& Call::dispatcher() const { return entry.dispatcher(); }
const Schema& Call::schema() const { return entry.schema(); }

Kernel Kernel::fallthrough() {
  Kernel kernel = from_boxed(&fall_through);
  kernel.kind = KernelKind::fallthrough;
  return kernel;
}

}  // namespace engine
