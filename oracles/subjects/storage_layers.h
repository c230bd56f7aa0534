// What a path's layers ask of each storage of a case, gathered, for subjects that dress one.
#pragma once

#include <string>
#include <vector>

#include "corpora/case/case.h"
#include "corpora/case/path.h"

namespace oracles {

struct StorageLayers {
  bool zeros = false, zero = false, neg = false, conj = false, wrapped = false, constant = false,
       leaf = false;
};

std::vector<StorageLayers> layers_by_storage(const corpora::Case& c, const corpora::Path& path);
bool has_layer(const corpora::Path& path, corpora::LayerKind kind);

// Why no subject can dress the case so, or empty: a storage that is not there, a dtype without the bit.
std::string layers_fault(const corpora::Case& c, const corpora::Path& path);

}  // namespace oracles
