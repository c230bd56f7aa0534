// The operators of a dispatcher of the engine as a catalog, and what their declarations say of arguments.
#pragma once

#include "corpora/case/catalog.h"
#include "corpora/domains/domains.h"
#include "engine/dispatch/dispatcher.h"

namespace oracles {

// Operators with a schema, and the operator that represents dispatch programs.
corpora::Catalog catalog_of(const engine::Dispatcher& dispatcher);
// A declaration's domain comes after what holds for the arguments of any operator.
corpora::Domains domains_of(const corpora::Catalog& catalog);

}  // namespace oracles
