// The only list of oracles. `state` stands first: it rides on the direct run, so that a call that crashes by
// itself is laid at its door, and not at the door of a fallback.
#include <array>

#include "oracles/checks.h"
#include "oracles/floors.h"
#include "oracles/oracle.h"
#include "oracles/planted/planted.h"

namespace oracles {

namespace {

std::vector<std::string_view> planted_for(std::string_view oracle) {
  std::vector<std::string_view> operators;
  for (const Planted& planted : all_planted())
    if (planted.oracle == oracle) operators.push_back(planted.op);
  return operators;
}

Oracle row(std::string_view name, std::string_view promise, Verdict (*check)(Trial&), double floor,
           std::string_view key = "", int share = 1, bool of_programs = false) {
  return {name, promise, check, share, key, floor, planted_for(name), of_programs};
}

Oracle asking_peer(Oracle oracle) {
  oracle.asks_peer = true;
  return oracle;
}

}  // namespace

std::span<const Oracle> all_oracles() {
  static const std::array oracles{
      row("state", "A call leaves the thread's dispatch state as it found it, also when it raises.",
          check_state, floors::rides_along),
      row("reference", "A call returns what an independent computation gives, within a derived bound.",
          check_reference, floors::reference),
      row("zero", "A ZeroTensor behaves as the zeros that it stands for, and is never written.", check_zero,
          floors::zero, "ZeroTensor"),
      row("meta", "The Meta path tells what the real run will return, and whether it raises.", check_meta,
          floors::meta, "Meta"),
      row("conj", "A tensor with the conj bit behaves as its resolved copy.", check_conj, floors::conj,
          "Conjugate"),
      row("neg", "A tensor with the neg bit behaves as its resolved copy.", check_neg, floors::neg,
          "Negative"),
      row("python", "A call through an interpreter that changes nothing does what the call does.",
          check_python, floors::python, "Python"),
      row("variants", "The functional, in-place and out= forms of an operator compute the same.",
          check_variants, floors::variants),
      row("layout", "Strides, offsets and expansion of the inputs do not change the result.", check_layout,
          floors::layout),
      row("schema", "A call writes and aliases what its schema declares, and nothing else.", check_schema,
          floors::rides_along),
      row("boxing", "A boxed and a typed call do the same.", check_boxing, floors::boxing),
      row("determinism", "Two runs agree bit for bit, whatever fresh memory holds.", check_determinism,
          floors::rides_along, "", 4),
      row("device",
          "CUDA's kernels, run by the host, do what the CPU's do, in whatever order threads take turns.",
          check_device, floors::device, "CUDA"),
      asking_peer(row("peer", "The engine does what PyTorch does, on the operators that both have.",
                      check_peer, floors::peer, "", 8)),
      row("autograd",
          "Gradients are the derivative, by differences in f64; recording a program changes nothing in it.",
          check_autograd, floors::autograd, "", 8),
      row("dispatch", "A dispatcher does after each step of a program what the rules of dispatching say.",
          check_dispatch, floors::dispatch, "", 1, true),
  };
  return oracles;
}

}  // namespace oracles
