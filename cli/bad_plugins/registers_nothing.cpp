// Loads, and registers no operator.
#include "engine/plugin.h"

void faultline_register(engine::Dispatcher&) {}
