// Features: what a minimal case still needs to show its divergence, in words. Whatever the minimiser could
// take away is gone, so what is left matters: a dtype that is not plain f32, a layout, a dressed argument, a
// value that is not finite. Sorted, without repeats; part of the fingerprint, and what known entries ask for.
//
//   dtype:CLASS           dtype class of the dressed argument (of the first, where none is dressed; of all,
//                         before a peer), when not real: half, integer, bool, complex; or f64
//   dtype:mixed           arguments of different dtypes, where a dtype differs, or before a peer
//   form:in-place, out:STATE   the other form of the call, and how its out was made when not exactly fitting
//   layout:WORD           strided, offset, expanded, overlapping, of an argument that is read
//   written-layout:WORD   the same of an argument that is written
//   storage:shared        two inputs in one storage
//   shape:empty, shape:0-dim
//   values:nan, values:inf, values:negative-zero, values:subnormal   in an input or a scalar argument
//   key:NAME              the key that the right side's dressing carries
//   position:WHERE        which argument is dressed, when not the first: other, list, optional, written
//   argument:undefined    a tensor argument without a tensor
//   calls:several
//   statement:WORD, act:WORD, call:typed, call:redispatch   what a dispatch program still holds
//   uninitialised         a side changes with what fresh memory holds
//   raises:left, raises:right   which side raises
//   message:WORDS         what it says, without its numbers and names
//   signal:NAME           of a crash
//   in:input              the difference shows in an input, not in a result
//   differs:sign-of-zero  0 here and -0 there
//   written-dtype:other, dtype-argument:CLASS, number:fraction, number:beyond-half
//                         before a peer: what is written has another dtype than the first that is read; the
//                         class of a dtype that the call asks for, when not real; a number among the
//                         arguments that is not whole, or larger than a half can be
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "corpora/case/case.h"
#include "corpora/case/catalog.h"
#include "oracles/compare/divergence.h"

namespace reports {

std::vector<std::string> features_of(const corpora::Case& minimal, const oracles::Verdict& verdict,
                                     const corpora::Catalog& catalog);

// A message without what changes from operator to operator and shape to shape: numbers, brackets' contents,
// names of operators; at most eight words.
std::string message_words(std::string_view message);

}  // namespace reports
