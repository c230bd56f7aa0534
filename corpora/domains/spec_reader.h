// read_items: reads what is right of the operator patterns in a domains line; README.md has the grammar.
// Malformed text is an InputError whose `where` is NAME:LINE:COLUMN.
#pragma once

#include <vector>

#include "corpora/domains/shape_reader.h"

namespace corpora {

// item { ; item }, up to the end of the line or ||.
Assignments read_items(Cursor& cursor, SymbolNames& names);

}  // namespace corpora
