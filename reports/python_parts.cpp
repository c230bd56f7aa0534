#include "reports/python_parts.h"

#include <fmt/format.h>

#include "reports/python_text.h"

namespace reports {
namespace {

using corpora::LayerKind;
using oracles::Kind;

bool dies(const Finding& f) { return f.signature.kind == Kind::crash || f.signature.kind == Kind::timeout; }

// --- dressing
// ---------------------------------------------------------------------------------------------------

bool has_layer(const Finding& f, LayerKind kind) {
  for (const corpora::Path* path : {&f.verdict.left, &f.verdict.right})
    for (const corpora::Layer& layer : *path)
      if (layer.kind == kind) return true;
  return false;
}

std::string dressing(const Finding& f) {
  std::string steps;
  if (has_layer(f, LayerKind::zeros))
    steps += R"(        if layer == "zeros":
            base = torch.zeros_like(base)
)";
  if (has_layer(f, LayerKind::zero))
    steps += R"(        if layer == "zero":
            base = torch._efficientzerotensor(base.shape, dtype=base.dtype)
)";
  if (has_layer(f, LayerKind::meta))
    steps += R"(        if layer == "meta":
            base = torch.empty_strided(base.shape, (1,), dtype=base.dtype, device="meta")
)";
  if (has_layer(f, LayerKind::conj))
    steps += R"(        if layer == "conj":  # conjugated memory under the bit that conjugates
            base = base if base._is_zerotensor() else base.conj().resolve_conj()
            marks.append(torch.conj)
)";
  if (has_layer(f, LayerKind::neg))
    steps += R"(        if layer == "neg":  # negated memory under the bit that negates
            base = base if base._is_zerotensor() else -base
            marks.append(torch._neg_view)
)";
  if (steps.empty()) return {};
  return fmt::format(R"(

def dressed(base, layers):
    """The same values, as the layers want them held."""
    marks = []
    for layer in layers:
{}    for mark in marks:
        base = mark(base)
    return base
)",
                     steps);
}

std::string inputs(const Finding& f) {
  std::string text = R"(

def inputs(side):
    memory = side.memory()
)";
  if (!dressing(f).empty())
    text += R"(    for s in range(len(memory)):
        memory[s] = dressed(memory[s], [name for name, storage in side.layers if storage in (s, None)])
)";
  text +=
      "    x = [memory[s].as_strided(sizes, strides, offset) for s, sizes, strides, offset in side.views]\n";
  if (has_layer(f, LayerKind::contiguous))
    text += R"(    if ("contiguous", None) in side.layers:
        x = [t.clone(memory_format=torch.contiguous_format) for t in x]
)";
  return text + "    return x\n";
}

// --- observing
// --------------------------------------------------------------------------------------------------

constexpr std::string_view tensors_part = R"(

def tensors(result):
    """The tensors in a result, lists flattened; None stands for an undefined one."""
    if isinstance(result, (list, tuple)):
        return [t for part in result for t in tensors(part)]
    return [result]
)";

constexpr std::string_view values_part = R"(

def fact(t, x):
    """The values that a tensor means, row by row."""
    if not isinstance(t, torch.Tensor):
        return t
    if t.is_meta or t.layout != torch.strided:
        return None
    if t._is_zerotensor():
        t = torch.zeros(t.shape, dtype=t.dtype)
    t = t.detach().resolve_conj().resolve_neg()
    return t.clone(memory_format=torch.contiguous_format).reshape(-1).tolist()
)";

constexpr std::string_view strides_part = R"(

def fact(t, x):
    """Strides; those of empty tensors and of dimensions of size 1 mean nothing."""
    if not isinstance(t, torch.Tensor) or t.layout != torch.strided or t.numel() == 0:
        return None
    return [stride for stride, size in zip(t.stride(), t.shape) if size != 1]
)";

constexpr std::string_view alias_part = R"(

def fact(t, x):
    """Which memory a tensor lives in: an input's, or its own."""
    def memory(tensor):
        try:
            return tensor.storage()._storage._cdata if hasattr(tensor.storage(), "_storage") else \
                tensor.untyped_storage()._cdata
        except (NotImplementedError, RuntimeError):
            return None  # a tensor without memory
    if not isinstance(t, torch.Tensor) or t.layout != torch.strided or memory(t) is None:
        return None
    owners = [i for i, tensor in enumerate(x) if isinstance(tensor, torch.Tensor) and memory(tensor) == memory(t)]
    return "the memory of input %d" % owners[0] if owners else "memory of its own"
)";

constexpr std::string_view identity_part = R"(

def fact(t, x):
    """Which input a result is, if it is one."""
    return next(("input %d" % i for i, tensor in enumerate(x) if tensor is t), "a tensor of its own")
)";

constexpr std::string_view outputs_part = R"(

def fact(t, x):
    """What sort of thing a result is."""
    if not isinstance(t, torch.Tensor):
        return type(t).__name__
    return "%s tensor%s%s" % (t.layout, " conj" if t.is_conj() else "", " neg" if t.is_neg() else "")
)";

std::string simple_part(std::string_view expression) {
  return fmt::format(R"(

def fact(t, x):
    return {} if isinstance(t, torch.Tensor) else None
)",
                     expression);
}

std::string fact_part(Kind kind) {
  switch (kind) {
    case Kind::sizes:
      return simple_part("list(t.shape)");
    case Kind::strides:
      return std::string(strides_part);
    case Kind::offset:
      return simple_part("t.storage_offset() if t.numel() else None");
    case Kind::dtype:
      return simple_part("str(t.dtype)");
    case Kind::device:
      return simple_part("str(t.device)");
    case Kind::version:
      return simple_part("t._version");
    case Kind::alias:
      return std::string(alias_part);
    case Kind::identity:
      return std::string(identity_part);
    case Kind::outputs:
      return std::string(outputs_part);
    default:
      return std::string(values_part);
  }
}

bool looks_at_inputs(const Finding& f) {
  return f.signature.kind == Kind::mutation || f.signature.kind == Kind::version ||
         f.verdict.divergence.where.starts_with("input");
}

std::string run_part(const Finding& f) {
  std::string observed = "\"\"";
  if (f.signature.kind != Kind::error && !dies(f))
    observed = looks_at_inputs(f) ? "[fact(t, x) for t in x]" : "[fact(t, x) for t in tensors(result)]";
  const std::string device =
      has_layer(f, LayerKind::meta) ? R"("meta" if ("meta", None) in side.layers else "cpu")" : "\"cpu\"";
  return fmt::format(R"(

def run(side):
    """How the program ends, and what is seen then."""
    x = inputs(side)
    try:
        result = side.program(x, {})
    except Exception as error:
        return "raises %s: %s" % (type(error).__name__, (str(error).splitlines() or [""])[0]), None
    return "returns", {}
)",
                     device, observed);
}

constexpr std::string_view child_part = R"(

def run_in_child(side):
    """How a process of its own ends that runs the program."""
    pid = os.fork()
    if pid == 0:
        signal.setitimer(signal.ITIMER_PROF, 10)  # of CPU time
        print("   ", *run(side), flush=True)
        os._exit(0)
    status = os.waitpid(pid, 0)[1]
    if not os.WIFSIGNALED(status):
        return "ends in order", None
    number = os.WTERMSIG(status)
    return "still runs after 10 s" if number == signal.SIGPROF else "dies of " + signal.Signals(number).name, None
)";

// --- comparing
// --------------------------------------------------------------------------------------------------

constexpr std::string_view near_part = R"(

def near(a, b):
    """Equal, or no further apart than the operator's tolerance allows."""
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(near(c, d) for c, d in zip(a, b))
    if isinstance(a, (float, complex)) and isinstance(b, (float, complex)) and abs(a - b) <= bound:
        return True
    return repr(a) == repr(b)  # a NaN equals a NaN, and -0.0 is not 0.0
)";

std::string compare_part(const Finding& f) {
  const double bound = f.verdict.divergence.bound;
  switch (f.signature.kind) {
    case Kind::error:
      return "    differ = left[0].startswith(\"raises\") != right[0].startswith(\"raises\")\n";
    case Kind::alias:
      return R"(    pairs = zip(left[1] or [], right[1] or [])
    differ = left[0] != right[0] or any(None not in pair and pair[0] != pair[1] for pair in pairs)
)";
    case Kind::value:
    case Kind::nan_pattern:
    case Kind::mutation:
      if (bound > 0) return "    differ = left[0] != right[0] or not near(left[1], right[1])\n";
      return "    differ = left[0] != right[0] or repr(left[1]) != repr(right[1])  # NaN equals NaN, -0.0 is "
             "not 0.0\n";
    default:
      return "    differ = left != right\n";
  }
}

std::string main_part(const Finding& f) {
  std::string text;
  if (f.verdict.divergence.bound > 0 && !dies(f))
    text += fmt::format("\n\nbound = {}\n{}", python_number(f.verdict.divergence.bound), near_part);
  text += "\n\ndef main():\n    same = \"--same\" in sys.argv\n";
  const std::string run = dies(f) ? "run_in_child" : "run";
  if (dies(f) && f.verdict.left == f.verdict.right) {
    text += R"(    right = run_in_child(Right)
    left = right if same else ("ends in order", None)  # as any call should
)";
  } else {
    text += fmt::format("    left, right = {0}(Left), {0}(Left if same else Right)\n", run);
  }
  text += R"(    print("left: ", *left)
    print("right:", *right)
)" + compare_part(f);
  return text + R"(    print("the sides differ" if differ else "the sides are alike")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
)";
}

}  // namespace

std::string python_imports(const Finding& finding) {
  return dies(finding) ? "import os\nimport signal\nimport sys\n\nimport torch\n\n"
                       : "import sys\n\nimport torch\n\n";
}

std::string python_machinery(const Finding& f) {
  std::string text = dressing(f) + inputs(f) + std::string(tensors_part);
  if (f.signature.kind != Kind::error && !dies(f)) text += fact_part(f.signature.kind);
  text += run_part(f);
  if (dies(f)) text += child_part;
  return text + main_part(f);
}

}  // namespace reports
