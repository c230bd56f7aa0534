// register_fallbacks: registers the fallbacks that serve a key for operators without a kernel of their own
// there. The rows of table.cpp are the only list. Promises: registers nothing else, so that one process can
// have dispatchers with and without fallbacks; operators may be registered before or after them.
#pragma once

#include "engine/dispatch/dispatcher.h"

namespace engine::fallbacks {

[[nodiscard]] Registrations register_fallbacks(Dispatcher& dispatcher);

}  // namespace engine::fallbacks
