// Features: what a minimal case still needs to show its divergence. The minimiser has removed everything
// else, so what is left matters: a dtype other than f32, a layout, a transformed argument, a value that is
// not finite. Sorted and unique; part of the fingerprint, and matched by known entries. "With a peer": on a
// path that compares two libraries.
//
//   dtype:CLASS           of the transformed argument, else the first; with a peer of all; if it is not real:
//                         half, integer, bool, complex, float8, complex-half (c32), unsigned (u16, u32, u64);
//                         or f64
//   dtype:mixed           arguments of different dtypes, if the dtype differs or with a peer
//   form:in-place, out:STATE   the other form of the call; the state of its out if that does not fit exactly
//   layout:WORD           strided, offset, expanded, overlapping: an argument that is read
//   written-layout:WORD   the same for an argument that is written
//   storage:shared        two inputs in one storage
//   shape:empty, shape:0-dim
//   values:nan, values:inf, values:negative-zero, values:subnormal   in an input or a scalar argument
//   key:NAME              the dispatch key of the right side's layers
//   position:WHERE        which argument is transformed, if not the first: other, list, optional, written
//   argument:undefined    a tensor argument without a tensor
//   calls:several
//   statement:WORD, act:WORD, call:typed, call:redispatch   what a dispatch program still contains
//   uninitialised         a side depends on the content of fresh memory
//   raises:left, raises:right   which side raises
//   message:WORDS         the error's message, without numbers and names
//   signal:NAME           of a crash
//   in:input              the difference is in an input, not in a result
//   differs:sign-of-zero  0 on one side and -0 on the other
//   written-dtype:other, dtype-argument:CLASS, number:fraction, number:beyond-half
//                         with a peer: a written argument whose dtype differs from the first read one; the
//                         class of a dtype argument, if not real; a number argument that is not whole, or
//                         that is larger than the largest half
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

// A message without the parts that depend on the operator and the shapes: numbers, contents of brackets,
// names of operators. At most eight words.
std::string message_words(std::string_view message);

}  // namespace reports
