// For the laws of interpreters: one mistake each in the fallbacks around Python of a dispatcher.
#pragma once

#include "engine/dispatch/dispatcher.h"

namespace properties {

engine::Registrations leaves_a_key(engine::Dispatcher& dispatcher);
engine::Registrations leaves_entry_keys(engine::Dispatcher& dispatcher);
engine::Registrations keeps_the_defaults(engine::Dispatcher& dispatcher);
engine::Registrations calls_twice(engine::Dispatcher& dispatcher);
engine::Registrations calls_the_first_wrapper(engine::Dispatcher& dispatcher);
engine::Registrations calls_the_last_wrapper(engine::Dispatcher& dispatcher);
engine::Registrations passes_on_without_one(engine::Dispatcher& dispatcher);
engine::Registrations excludes_nothing(engine::Dispatcher& dispatcher);
engine::Registrations skips_layers(engine::Dispatcher& dispatcher);

}  // namespace properties
