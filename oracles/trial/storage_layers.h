// The layers of a path, grouped by the storage that they transform.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "corpora/case/case.h"
#include "corpora/case/path.h"
#include "engine/core/small_vector.h"

namespace oracles {

using LayersByStorage = engine::SmallVector<corpora::LayerSet>;
LayersByStorage layers_by_storage(const corpora::Case& c, const corpora::Path& path);

// Whether and how the layers of one storage change its bytes.
bool changes_bytes(const corpora::LayerSet& on);
void change_bytes(engine::DType dtype, const corpora::LayerSet& on, std::vector<std::byte>& bytes);

// Why a subject that supports these layers cannot run the case along the path, or empty: an unsupported
// layer, a storage that the case does not have, a dtype that a layer does not accept, a layer that is missing
// or excluded.
std::string layers_fault(const corpora::Case& c, const corpora::Path& path, corpora::LayerSet supported);

}  // namespace oracles
