// read_items: reads what is right of the operator patterns in a domains line; README.md has the grammar.
// Malformed text is an InputError whose `where` is NAME:LINE:COLUMN.
#pragma once

#include <vector>

#include "corpora/domains/shape_reader.h"

namespace corpora {

struct ReadItems {
  Assignments items;
  std::vector<ArgumentMention> mentions;
};

// item { ; item }, up to the end of the line or ||.
ReadItems read_items(Cursor& cursor, SymbolNames& names);

}  // namespace corpora
