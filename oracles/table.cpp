// The only list of oracles. `state` is first: it judges the direct run, so that a crash of the direct run is
// attributed to the operator, and not to a fallback.
#include <string_view>
#include <vector>

#include "oracles/floors.h"
#include "oracles/oracle.h"
#include "oracles/oracle_checks.h"
#include "oracles/planted/planted.h"

namespace oracles {

namespace {

// Without the planted bugs.
const std::vector<Oracle> rows{
    Oracle{"state",
           "A call leaves the thread's dispatch state unchanged, also if it raises.",
           {.left = "before the call",
            .right = "after the call",
            .look_at = "Look at guards that the kernel opens and does not close, especially if it raises.",
            .titles = {{Kind::state, "leaves the thread's dispatch state changed"}}},
           check_state,
           floors::every_case},
    Oracle{"reference",
           "A call returns the values of an independent computation, within a derived bound.",
           {"kernel", "reference", "", "rejects arguments that it must accept",
            "accepts arguments that it must reject",
            "Look at the kernel: an independent computation in higher precision gives the values on the "
            "right."},
           check_reference,
           floors::reference},
    Oracle{"zero",
           "A ZeroTensor behaves like real zeros, and is never written.",
           {"real zeros",
            "ZeroTensor",
            "for a ZeroTensor input",
            "accepts a ZeroTensor input although it rejects the same zeros as a plain tensor",
            "rejects a ZeroTensor input although it accepts the same zeros as a plain tensor",
            "Look at the operator's ZeroTensor kernel; if it has none, at the fallback and the kernels that "
            "the fallback calls.",
            {{Kind::mutation, "writes a ZeroTensor input, which is immutable, without an error"}}},
           check_zero,
           floors::zero,
           "ZeroTensor"},
    Oracle{
        "meta",
        "The Meta path returns the metadata of the real run, and raises if the real run raises.",
        {"CPU kernel", "Meta kernel", "on the Meta device",
         "Meta accepts arguments that the CPU kernel rejects",
         "Meta rejects arguments that the CPU kernel accepts",
         "Look at the operator's Meta kernel: it must compute the same metadata and make the same checks."},
        check_meta,
        floors::meta,
        "Meta"},
    Oracle{
        "conj",
        "A tensor with the conj bit behaves as its resolved copy.",
        {"resolved copy", "tensor with the conj bit", "for an input with the conj bit set",
         "accepts an input with the conj bit although it rejects the resolved copy",
         "rejects an input with the conj bit although it accepts the resolved copy",
         "Look at whether the kernel reads memory without resolve_conj(), or has a Conjugate kernel of its "
         "own."},
        check_conj,
        floors::conj,
        "Conjugate"},
    Oracle{"neg",
           "A tensor with the neg bit behaves as its resolved copy.",
           {"resolved copy", "tensor with the neg bit", "for an input with the neg bit set",
            "accepts an input with the neg bit although it rejects the resolved copy",
            "rejects an input with the neg bit although it accepts the resolved copy",
            "Look at whether the kernel reads memory without resolve_neg(), or has a Negative kernel of its "
            "own."},
           check_neg,
           floors::neg,
           "Negative"},
    Oracle{"python",
           "A call through an interpreter that changes nothing has the same effect as a direct call.",
           {"direct call", "call through Python", "through a Python mode or a wrapper tensor",
            "accepts through Python what it rejects when called directly",
            "rejects through Python what it accepts when called directly, or raises a different error",
            "Look at what the operator does below the Python key: skipped dispatch, or arguments kept by "
            "address."},
           check_python,
           floors::python,
           "Python"},
    Oracle{"variants",
           "The functional, in-place and out= forms of an operator compute the same.",
           {"functional form", "in-place or out= form", "in another form of the call",
            "accepts an out that it must reject", "rejects arguments that the functional form accepts",
            "Look at the kernel of that form: how it resizes, casts and writes its out."},
           check_variants,
           floors::variants},
    Oracle{"layout",
           "Strides, offsets and expansion of the inputs do not change the result.",
           {"contiguous copy of the input", "input as it is", "for a non-contiguous input",
            "accepts a non-contiguous input although it rejects a contiguous copy",
            "rejects a non-contiguous input although it accepts a contiguous copy",
            "Look at whether the kernel reads through data_ptr() as if its inputs were contiguous."},
           check_layout,
           floors::layout},
    Oracle{
        "schema",
        "A call writes and aliases what its schema declares, and nothing else.",
        {.left = "schema",
         .right = "call",
         .look_at = "Look at the schema's alias annotations, such as Tensor(a!), and at what the kernel "
                    "writes and returns.",
         .titles = {{Kind::mutation, "writes a tensor that its schema does not mark as written"},
                    {Kind::alias, "returns memory of an argument that its schema does not declare as shared"},
                    {Kind::identity, "returns a different tensor than the argument that its schema names"},
                    {Kind::outputs, "returns what its schema does not declare"}}},
        check_schema,
        floors::every_case},
    Oracle{"boxing",
           "A boxed and a typed call have the same effect.",
           {"boxed call", "typed call", "in a typed call",
            "accepts in a typed call what it rejects in a boxed one",
            "rejects in a typed call what it accepts in a boxed one",
            "Look at how the kernel is registered, and at kernels for only one of the two calling "
            "conventions."},
           check_boxing,
           floors::boxing},
    Oracle{
        "determinism",
        "Two runs agree bit for bit, whatever fresh memory contains.",
        {"first run",
         "second run",
         "in a second run",
         "raises in the first of two runs only",
         "raises in the second of two runs only",
         "Look for elements that the kernel never writes, atomics, and an order that depends on addresses.",
         {{Kind::nondeterminism, "result differs from run to run"}}},
        check_determinism,
        floors::every_case,
        "",
        4},
    Oracle{"device",
           "The CUDA kernels, run by the host with any order of threads, agree with the CPU kernels.",
           {"CPU", "CUDA kernels on the host", "with the CUDA kernels",
            "the CUDA kernels accept arguments that the CPU kernel rejects",
            "the CUDA kernels reject arguments that the CPU kernel accepts",
            "Look at the kernel's launch, its bounds, and barriers that are missing."},
           check_device,
           floors::device,
           "CUDA"},
    Oracle{"peer",
           "The engine agrees with PyTorch on the operators that both have.",
           {"engine",
            "PyTorch",
            "compared with PyTorch",
            "rejects arguments that PyTorch accepts",
            "accepts arguments that PyTorch rejects",
            "Look at which of the two is right; an entry of corpora/known/ records a decision.",
            {{Kind::value, "result differs from PyTorch's"}}},
           check_peer,
           floors::peer,
           "",
           8,
           false,
           true},
    Oracle{"precision",
           "A call agrees with the same call on f64 copies of its inputs, within the operator's accuracy.",
           {"call in its own dtype",
            "same call in f64",
            "compared with the same call in f64",
            "",
            "",
            "Look at sums and intermediate results that are kept in the dtype of the inputs, and at formulas "
            "that "
            "overflow, vanish or cancel although the result does not.",
            {{Kind::dtype, "computes in f32 although its inputs and results are f64"}}},
           check_precision,
           floors::precision},
    Oracle{
        "arguments",
        "Equivalent spellings of an argument have the same effect.",
        {"the call as it is", "other spelling", "for another spelling of an argument",
         "accepts another spelling of an argument that it rejects",
         "rejects another spelling of an argument that it accepts",
         "Look at negative dimensions, at an optional tensor that is given but undefined, and at None for an "
         "option."},
        check_arguments,
        floors::arguments,
        "",
        2},
    Oracle{
        "history",
        "A call does not depend on earlier calls of the same operator.",
        {"call in a fresh process", "call after other calls", "after other calls of the operator",
         "accepts after other calls what it rejects in a fresh process",
         "rejects after other calls what it accepts in a fresh process",
         "Look at static variables and caches: whether they are kept by dtype, size and every argument that "
         "they depend on."},
        check_history,
        floors::history,
        "",
        64},
    Oracle{"autograd",
           "Gradients agree with finite differences in f64; recording a program does not change its results.",
           {"without autograd, or by finite differences",
            "with autograd",
            "when autograd records the call",
            "accepts when recorded what it rejects without autograd",
            "rejects when recorded what it accepts without autograd",
            "Look at the operator's derivative formula and at which tensors it saves.",
            {{Kind::gradient, "gradient is wrong"}}},
           check_autograd,
           floors::autograd,
           "",
           8},
    Oracle{"dispatch",
           "After each step of a program, a dispatcher agrees with the rules of dispatching.",
           {"rules", "dispatcher", "in a dispatch program", "runs what the rules of dispatching reject",
            "rejects what the rules of dispatching run",
            "Look at the resolution of the entry named above, and at what invalidates it."},
           check_dispatch,
           floors::dispatch,
           "",
           1,
           true},
};

}  // namespace

std::span<const Oracle> all_oracles() {
  static const std::vector<Oracle> oracles = [] {
    std::vector<Oracle> made = rows;
    for (Oracle& oracle : made)
      for (const Planted& planted : all_planted())
        if (planted.oracle == oracle.name) oracle.planted.push_back(planted.op);
    return made;
  }();
  return oracles;
}

}  // namespace oracles
