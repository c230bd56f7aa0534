// The edits that mutating is made of. Each changes a case freely and says whether it did: mutate() keeps what
// is well formed.
#pragma once

#include "corpora/case/mutate.h"

namespace corpora {

struct Mutation {
  Case& c;  // without a dispatch program
  const Supply& supply;
  ChoiceSource& choices;
};

// Inputs and storages, one of them or all that are alike (mutate_inputs.cpp).
bool redraw_fill(Mutation m);   // another rule or seed
bool edit_element(Mutation m);  // one element of a small storage, to some pattern of bits
bool redraw_dtype(Mutation m);
bool redraw_view(Mutation m);  // other strides and offset
bool resize(Mutation m);
bool change_rank(Mutation m);
bool share_storage(Mutation m);
bool part_storage(Mutation m);

// Calls and their arguments, and the path (mutate_calls.cpp).
bool nudge_argument(Mutation m);  // one that is no tensor
bool graft_drawn(Mutation m);     // arguments of a drawn call of the same operator
bool put_call_before(Mutation m);
bool remove_call(Mutation m);
bool chain_drawn(Mutation m);
bool redraw_path(Mutation m);

// With parts of another case, which has no dispatch program either.
bool graft(Mutation m, const Case& other);  // arguments of its last call, when both call the same operator
bool chain(Mutation m, const Case& other);  // its last call, on a result of ours
bool take_geometry(Mutation m, const Case& other);  // one input's sizes and strides
bool take_storage(Mutation m, const Case& other);   // one storage's dtype and fill

// Dispatch programs (mutate_program.cpp).
Program mutate(const Program& program, ChoiceSource& choices);
Program cross(const Program& program, const Program& other, ChoiceSource& choices);

// A view of the input's storage with this geometry: the storage grows as far as needed, explicit values
// giving way to a rule.
void set_geometry(Case& c, Input& input, engine::Dims sizes, engine::Dims strides, int64_t offset);

}  // namespace corpora
