// Plain sides: the two sides of a finding as cases without a path, so that any oracle can judge each of them.
// A lazy bit becomes the copy that the fallback makes of it, a ZeroTensor becomes expanded zeros, another
// form of a call becomes that call.
#pragma once

#include <optional>
#include <vector>

#include "reports/finding.h"

namespace reports {

// The left side, then the right one if it is a different case.
std::vector<corpora::Case> plain_sides(const Finding& finding);

// The smallest case along its path, each time without one thing that it may need: special values, an empty or
// 0-dim shape, earlier calls, a layout.
std::vector<corpora::Case> without_a_need(const Finding& finding);

// For a finding that compares two forms of an operator: the last call of `c`, a call of the wrong form, as
// the finding compares it with the other form. Nothing if `c` calls something else.
std::optional<corpora::Case> in_form_of(const corpora::Case& c, const Finding& other);

// Storages of reals hold different positive numbers, which hide no mistake as zeros do.
corpora::Case with_ordinary_values(corpora::Case c);
// The same with complex numbers, which the conj bit needs.
corpora::Case with_complex_values(corpora::Case c);

}  // namespace reports
