// For the laws of interpreters: fallbacks of which one is wrong.
#pragma once

#include "properties/python_world.h"

namespace properties {

PythonFallbacks leaves_a_key();             // excluded, when a handler raises
PythonFallbacks leaves_entry_keys();        // when a handler raises
PythonFallbacks keeps_the_defaults();       // in place of the entry's keys
PythonFallbacks asks_twice();               // and throws the first answer away
PythonFallbacks asks_a_wrapper(bool last);  // the first one or the last, before any mode
PythonFallbacks passes_by_nobody();         // goes on below without asking
PythonFallbacks excludes_nothing();         // of what is above Python, while a mode's handler runs
PythonFallbacks skips_layers();             // below PreDispatch: versions are not counted

}  // namespace properties
