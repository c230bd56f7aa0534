// Refusals: what stands in a table where no kernel can run. Called, they raise an error that names the
// operator, the keys of the call, where kernels are, and the table.
#pragma once

#include <vector>

#include "engine/core/error.h"
#include "engine/dispatch/resolution.h"

namespace engine {

// No kernel at the key that the call went to.
class NotImplemented : public Error {
 public:
  NotImplemented(const std::string& message, DispatchKey key, std::vector<DispatchKey> available)
      : Error(message, ErrorKind::not_implemented), key_(key), available_(std::move(available)) {}
  DispatchKey key() const { return key_; }
  const std::vector<DispatchKey>& available() const { return available_; }  // keys that have a kernel

 private:
  DispatchKey key_;
  std::vector<DispatchKey> available_;
};

const Kernel& refusal_for(Reason reason);  // missing, ambiguous_autograd_other, no_schema

}  // namespace engine
