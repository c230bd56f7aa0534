// Refusals: the entries of a table where no kernel can run. A call raises an error that names the operator,
// the call's keys, the keys that have kernels, and the table.
#pragma once

#include "engine/core/error.h"
#include "engine/dispatch/resolution.h"

namespace engine {

// The operator has no kernel at the key that the call reached.
class NotImplemented : public Error {
 public:
  NotImplemented(const std::string& message, DispatchKey key)
      : Error(message, ErrorKind::not_implemented), key_(key) {}
  DispatchKey key() const { return key_; }

 private:
  DispatchKey key_;
};

const Kernel& refusal_for(Reason reason);  // missing, ambiguous_autograd_other, no_schema

}  // namespace engine
