// Floors: the smallest reach, as a share of an oracle's cases, at which it counts as run. Below its floor an
// oracle says "not run", never "passed". Reviewed here, in one place; a floor is lowered only with a reason.
#pragma once

namespace oracles::floors {

// Share of cases in which the dressing's key was in the effective key set of a dispatched call and the direct
// run returned. About a third of what drawn cases reach.
inline constexpr double zero = 0.2;
inline constexpr double meta = 0.2;
inline constexpr double conj = 0.02;  // only complex storages can be dressed: about one case in seven has one
inline constexpr double neg = 0.2;
inline constexpr double device = 0.2;  // programs whose direct run returns
inline constexpr double python = 0.3;

// Oracles without a key: share of cases with a verdict.
inline constexpr double rides_along = 0.5;  // state, schema, determinism: every case
inline constexpr double reference = 0.5;    // every case of a subject that has references
inline constexpr double variants = 0.05;    // only operators that have another form
inline constexpr double layout = 0.05;      // only cases with an input that is not contiguous
inline constexpr double boxing = 0.02;      // only the commonest signatures have a typed call
inline constexpr double peer = 0.5;         // one case in eight, nearly all operators
inline constexpr double autograd = 0.1;     // only programs of real or complex inputs that are smooth there
inline constexpr double dispatch = 0.5;     // programs only, and nearly all of them

}  // namespace oracles::floors
