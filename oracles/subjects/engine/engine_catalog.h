// The operators of an engine's dispatcher as a catalog, and the argument domains of their declarations.
#pragma once

#include "corpora/case/catalog.h"
#include "corpora/domains/domains.h"
#include "engine/dispatch/dispatcher.h"

namespace oracles {

// The operators with a schema, and the operator that represents dispatch programs.
corpora::Catalog catalog_of(const engine::Dispatcher& dispatcher);
// The domains that hold for all operators, then those of the declarations.
corpora::Domains domains_of(const corpora::Catalog& catalog);

}  // namespace oracles
