// The edits of mutate(). Each returns whether it changed the case; mutate() keeps what is well formed.
#pragma once

#include "corpora/case/mutate.h"

namespace corpora {

struct Mutation {
  Case& c;  // without a dispatch program
  const Supply& supply;
  ChoiceSource& choices;
};

// Inputs and storages: one of them, or all with the same size or dtype (mutate_inputs.cpp).
bool redraw_fill(Mutation m);   // another rule or seed
bool edit_element(Mutation m);  // sets the bits of one element of a small storage
bool redraw_dtype(Mutation m);
bool redraw_view(Mutation m);  // other strides and offset
bool resize(Mutation m);
bool change_rank(Mutation m);
bool share_storage(Mutation m);
bool unshare_storage(Mutation m);

// Calls and their arguments, and the path (mutate_calls.cpp).
bool nudge_argument(Mutation m);  // one that is not a tensor
bool graft_drawn(Mutation m);     // takes arguments of a drawn call of the same operator
bool insert_call(Mutation m);     // before the last
bool remove_call(Mutation m);
bool chain_drawn(Mutation m);  // adds a drawn call on a result
bool redraw_path(Mutation m);

// With parts of another case without a dispatch program.
bool graft(Mutation m, const Case& other);  // arguments of its last call, if both call the same operator
bool chain(Mutation m, const Case& other);  // its last call, on a result of the case
bool take_geometry(Mutation m, const Case& other);  // one input's sizes and strides
bool take_storage(Mutation m, const Case& other);   // one storage's dtype and fill

// Dispatch programs (mutate_program.cpp).
Program mutate(const Program& program, ChoiceSource& choices);
Program cross(const Program& program, const Program& other, ChoiceSource& choices);

// Sets the geometry of the input. If the storage has to grow, a rule replaces its explicit values.
void set_geometry(Case& c, Input& input, engine::Dims sizes, engine::Dims strides, int64_t offset);

}  // namespace corpora
