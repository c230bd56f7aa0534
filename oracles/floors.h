// Floors: the smallest reach, as a share of an oracle's cases, at which an oracle counts as run. Below its
// floor an oracle reports "not run", never "passed". A floor is lowered only with a reason.
#pragma once

namespace oracles::floors {

// Share of cases in which the path's key was in the effective key set of a dispatched call and the direct run
// returned. The floors are about a third of the reach of drawn cases.
inline constexpr double zero = 0.2;
inline constexpr double meta = 0.2;
inline constexpr double conj = 0.02;  // one case in seven has a complex storage
inline constexpr double neg = 0.2;
inline constexpr double device = 0.2;        // programs whose direct run returns
inline constexpr double cpu_fallback = 0.3;  // every program without gradients
inline constexpr double python = 0.3;
inline constexpr double fake = 0.2;
inline constexpr double functionalize = 0.2;
inline constexpr double fuser = 0.1;    // graphs with a fused group, or with its fallback
inline constexpr double batched = 0.1;  // programs with a batching rule or a fallback for every call

// Oracles without a key: share of cases with a verdict.
inline constexpr double every_case = 0.5;  // state, schema, determinism
inline constexpr double reference = 0.5;   // every case of a subject that has references
inline constexpr double variants = 0.05;   // only operators with another form
inline constexpr double layout = 0.05;     // only cases with an input that is not contiguous
inline constexpr double boxing = 0.02;     // only the commonest signatures have a typed call
inline constexpr double peer = 0.5;        // nearly all operators
inline constexpr double precision = 0.1;   // only real and complex inputs, and calls that return
inline constexpr double arguments = 0.05;  // only calls with an argument that has another spelling
inline constexpr double threads = 0.1;     // calls that return and accept larger inputs
inline constexpr double history = 0.2;     // calls that return and can be made differently
inline constexpr double autograd = 0.1;    // only programs with real or complex inputs that are smooth there
inline constexpr double dispatch = 0.5;    // nearly all programs

}  // namespace oracles::floors
