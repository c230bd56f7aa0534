// Ends the process that loads it.
#include <cstdlib>

#include "engine/plugin.h"

void faultline_register(engine::Dispatcher&) { std::abort(); }
