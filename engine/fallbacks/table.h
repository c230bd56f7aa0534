// register_fallbacks: what serves a key where an operator has no kernel of its own there. The rows of
// table.cpp are the only list. Promises: registers fallbacks and nothing else, so that a dispatcher with and
// one without them can stand side by side; they may be registered before operators or behind them.
#pragma once

#include "engine/dispatch/dispatcher.h"

namespace engine::fallbacks {

[[nodiscard]] Registrations register_fallbacks(Dispatcher& dispatcher);

}  // namespace engine::fallbacks
