// Backward compatibility of schemas, by PyTorch's rule: a newer schema is compatible with an older one if
// every call that the older one accepts has the same meaning with the newer one.
#pragma once

#include <string>

#include "engine/dispatch/schema.h"

namespace engine {

// Empty if `newer` is backward compatible with `older`; otherwise the first reason why it is not. New
// arguments must have defaults and come before the out= arguments. An argument may accept more types than
// before and keeps its default; a result may have fewer types.
std::string incompatibility(const Schema& newer, const Schema& older);

// True if every value of `type` is also a value of `wider`.
bool is_subtype(const Type& type, const Type& wider);

}  // namespace engine
