// check_items: whether the items of an author's line are about arguments of its operators. A mistake is an
// InputError whose `where` is NAME:LINE:COLUMN.
#pragma once

#include <vector>

#include "corpora/case/catalog.h"
#include "corpora/domains/spec_reader.h"

namespace corpora {

// Each item must be about an argument that at least one of the operators has, with a type that the spec fits;
// tensors that specs refer to must be arguments, and operators of earlier calls must exist.
void check_items(const ReadItems& read, const std::vector<const Operator*>& operators, const Catalog& catalog,
                 const Cursor& cursor);

}  // namespace corpora
