// Symmetry: whether a program reads a matrix as if it were symmetric or Hermitian: one triangle of it alone.
// Its gradient is then symmetric by convention, and is the derivative along symmetric directions only.
#pragma once

#include "corpora/case/case.h"
#include "oracles/gradients/derivative.h"

namespace oracles {

enum class Triangle : uint8_t { lower, upper };

// Whether the last two dimensions of the input are square matrices that may be not symmetric or not
// Hermitian, in memory of their own.
bool has_square_matrices(const corpora::Case& c, size_t input);

// Sets `direction` to 0 everywhere but in the triangle of each matrix of the input. Of the diagonal,
// imaginary parts alone belong to the triangle.
void keep_triangle(const corpora::Case& c, size_t input, Triangle triangle, Point& direction);

// Makes the matrices of the input symmetric or, if they are complex, Hermitian.
void symmetrise(const corpora::Case& c, size_t input, Point& direction);

}  // namespace oracles
