// What a path's layers ask of each storage of a case, gathered, for subjects that dress one.
#pragma once

#include <algorithm>
#include <string>

#include "corpora/case/case.h"
#include "corpora/case/path.h"
#include "engine/core/few.h"

namespace oracles {

struct StorageLayers {
  bool zeros = false, zero = false, neg = false, conj = false, wrapped = false, constant = false,
       leaf = false, unrecorded = false;
};

using LayersByStorage = engine::Few<StorageLayers>;
LayersByStorage layers_by_storage(const corpora::Case& c, const corpora::Path& path);

inline bool has_layer(const corpora::Path& path, corpora::LayerKind kind) {
  return std::any_of(path.begin(), path.end(),
                     [&](const corpora::Layer& layer) { return layer.kind == kind; });
}

// Why no subject can dress the case so, or empty: a storage that is not there, a dtype without the bit.
std::string layers_fault(const corpora::Case& c, const corpora::Path& path);

}  // namespace oracles
