// Backward compatibility of schemas: whether every call that an older schema accepts, a newer one accepts,
// too, and gives results that the older one's callers can use.
#pragma once

#include "engine/dispatch/schema.h"

namespace engine {

// The newer one has the older one's arguments, by name and in order, of types that take at least as much,
// with their defaults and annotations, and any further arguments with defaults; its results are of types that
// the older one's callers expect.
bool is_backward_compatible(const Schema& newer, const Schema& older);

}  // namespace engine
