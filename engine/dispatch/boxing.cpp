#include "engine/dispatch/boxing.h"

#include <fmt/format.h>

#include "engine/dispatch/operator_entry.h"

namespace engine {

void refuse_result_count(const Call& call, size_t results, size_t expected) {
  throw Error(fmt::format("{}: the kernel at {} returned {} results, and the operator has {}",
                          call.entry.name(), name_of(call.keys.highest_key()), results, expected),
              ErrorKind::internal);
}

void refuse_other_tensor(const Call& call) {
  throw Error(fmt::format("{}: the kernel at {} returned a tensor other than the one that it should write",
                          call.entry.name(), name_of(call.keys.highest_key())),
              ErrorKind::internal);
}

}  // namespace engine
