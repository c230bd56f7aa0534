// May one schema take the place of another? A newer schema is backward compatible with an older one when
// every call that the older one allows still means the same: PyTorch's rule, with its reason as text.
#pragma once

#include <string>

#include "engine/dispatch/schema.h"

namespace engine {

// Empty when `newer` is backward compatible with `older`; else the first reason why it is not. New arguments
// need defaults and stand before the out= arguments; arguments may take more types than before, results may
// be of fewer; what had a default keeps it.
std::string incompatibility(const Schema& newer, const Schema& older);

// Every value of `type` is one of `wider`, too.
bool is_subtype(const Type& type, const Type& wider);

}  // namespace engine
