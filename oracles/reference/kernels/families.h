// The families of references; each is implemented in its own file.
#pragma once

#include <array>

#include "oracles/reference/kernels/reference.h"

namespace reference {

void add_unary(References& references);
void add_binary(References& references);
void add_choosing(References& references);
void add_reductions(References& references);
void add_products_of_matrices(References& references);
void add_softmax(References& references);
void add_views(References& references);
void add_copying(References& references);
void add_indexing(References& references);
void add_powers(References& references);
void add_scattering(References& references);
void add_masks(References& references);

inline constexpr std::array families{
    add_unary, add_binary,  add_choosing, add_reductions, add_products_of_matrices, add_softmax,
    add_views, add_copying, add_indexing, add_powers,     add_scattering,           add_masks};

}  // namespace reference
