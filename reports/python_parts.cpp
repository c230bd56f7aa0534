#include "reports/python_parts.h"

#include <fmt/format.h>

#include "reports/files.h"
#include "reports/layer_steps.h"
#include "reports/python_text.h"

namespace reports {
namespace {

using corpora::LayerKind;
using oracles::Kind;

// The tensors that are compared.
std::string compared(const ReproPlan& plan) {
  if (plan.watched.empty()) return plan.in_inputs ? "x" : "tensors(result)";
  std::string list;
  for (int32_t input : plan.watched)
    list += fmt::format("{}x[{}]{}", list.empty() ? "" : ", ", input,
                        plan.step > 1 ? fmt::format("[::{}]", plan.step) : "");
  return "[" + list + "]";
}

// Where a side has its memory.
std::string memory_device(const ReproPlan& plan) {
  if (plan.device.empty()) return R"("cpu")";
  const bool is_also_on_cpu = uses_layer(plan, LayerKind::private_device);
  return std::string(is_also_on_cpu ? R"("cpu" if ("private_device", None) in side.layers else )" : "") +
         python_string(plan.device);
}

std::string device_text(const ReproPlan& plan) {
  const bool meta = uses_layer(plan, LayerKind::meta);
  return std::string(meta ? R"("meta" if ("meta", None) in side.layers else )" : "") + memory_device(plan);
}

constexpr std::string_view raised =
    R"("raises %s: %s" % (type(error).__name__, (str(error).splitlines() or [""])[0]))";

// Inside of `try`.
std::string results_steps(const ReproPlan& plan) {
  std::string text;
  for (const std::string& line : lines_of(layer_steps(plan, &corpora::LayerRow::python_results, "", 8)))
    text += "    " + line + "\n";
  return text;
}

constexpr std::string_view fused_part = R"(

for setting, value in {
    "set_profiling_executor": True, "set_profiling_mode": True, "set_num_profiled_runs": 1,
    "set_texpr_fuser_enabled": True, "override_can_fuse_on_cpu": True, "set_te_must_use_llvm_cpu": False,
}.items():
    getattr(torch._C, "_jit_" + setting)(value)


def run_program(side, x):
    """Call by call, or as a graph of TorchScript with fused groups."""
    if ("fused", 0) in side.layers:
        return side.program(x, "cpu")
    torch._C._debug_set_fusion_group_inlining(("form", 1) in side.layers)
    graph = torch.jit.trace(lambda *x: tuple(tensors(side.program(list(x), "cpu"))), tuple(inputs(side)),
                            check_trace=False)
    for _ in range(2):  # profiled, and optimised
        graph(*inputs(side))
    return graph(*x)
)";

constexpr std::string_view backward_steps = R"(
        if ("grad", None) in side.layers:
            recorded = [t for t in tensors(result) if isinstance(t, torch.Tensor) and t.requires_grad]
            torch.autograd.backward(recorded, [torch.ones_like(t) for t in recorded]))";

// How `result` is computed.
std::string program_call(const ReproPlan& plan) {
  if (uses_layer(plan, LayerKind::fused)) return "run_program(side, x)";
  return fmt::format("side.program(x, {}){}", device_text(plan), plan.backwards ? backward_steps : "");
}

std::string run_sides(Kind kind, const ReproPlan& plan) {
  const bool end_only = kind == Kind::error || plan.dies;
  return fmt::format(R"(

def run(side):
    """How the program ends, and what is observed then."""
    x = inputs(side)
    try:
        result = {}
{}    except (Exception, SystemExit) as error:
        return {}, None
    return "returns", {}
)",
                     program_call(plan), results_steps(plan), raised,
                     end_only ? "None" : fmt::format("[fact(t, x) for t in {}]", compared(plan)));
}

constexpr std::string_view child_part = R"(

def run_in_child(side):
    """How a child process that runs the program ends."""
    pid = os.fork()
    if pid == 0:
        signal.setitimer(signal.ITIMER_PROF, 4)  # of CPU time
        run(side)
        os._exit(73)
    status = os.waitpid(pid, 0)[1]
    if os.WIFEXITED(status):
        code = os.WEXITSTATUS(status)
        return "ends normally" if code == 73 else "exits with status %d" % code, None
    number = os.WTERMSIG(status)
    if number == signal.SIGPROF:
        return "still runs after 4 s", None
    return "dies of " + signal.Signals(number).name, None
)";

constexpr std::string_view apart_part = R"(

def run_apart(side):
    """run() in a process of its own, in which nothing has run before."""
    reading, writing = os.pipe()
    if os.fork() == 0:
        with open(writing, "wb") as pipe:
            pickle.dump(run(side), pipe)
        os._exit(0)
    os.close(writing)
    with open(reading, "rb") as pipe:
        return pickle.load(pipe)
)";

constexpr std::string_view near_part = R"(

def near(a, b):
    """Whether two values are equal or differ by at most the operator's tolerance."""
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(near(c, d) for c, d in zip(a, b))
    if isinstance(a, (float, complex)) and isinstance(b, (float, complex)) and abs(a - b) <= bound:
        return True
    return repr(a) == repr(b)  # a NaN equals a NaN, and -0.0 is not 0.0
)";

std::string differ_part(Kind kind, const ReproPlan& plan) {
  switch (kind) {
    case Kind::error:
      return "    differ = left[0].startswith(\"raises\") != right[0].startswith(\"raises\")\n";
    case Kind::alias:
      return R"(    pairs = list(zip(left[1] or [], right[1] or []))
    differ = left[0] != right[0] or any(None not in pair and pair[0] != pair[1] for pair in pairs)
)";
    case Kind::value:
    case Kind::nan_pattern:
    case Kind::mutation:
      if (plan.bound > 0) return "    differ = left[0] != right[0] or not near(left[1], right[1])\n";
      return "    differ = repr(left) != repr(right)  # a NaN equals a NaN, and -0.0 is not 0.0\n";
    default:
      return "    differ = left != right\n";
  }
}

constexpr std::string_view main_head = R"(

def main():
    same = "--same" in sys.argv
)";

constexpr std::string_view main_tail = R"(    print("the sides differ" if differ else "the sides agree")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
)";

std::string compare_sides(Kind kind, const ReproPlan& plan) {
  std::string text;
  if (plan.bound > 0) text += fmt::format("\n\nbound = {}\n{}", python_number(plan.bound), near_part);
  text += main_head;
  if (plan.dies && !plan.right && plan.left_path == plan.right_path) {
    text += R"(    right = run_in_child(Right)
    left = right if same else ("ends normally", None)  # as every call should
)";
  } else {
    const std::string_view run = plan.dies ? "run_in_child" : plan.apart ? "run_apart" : "run";
    text += fmt::format("    left, right = {0}(Left), {0}(Left if same else Right)\n", run);
  }
  const std::string_view cut = uses_layer(plan, LayerKind::threads) ? "str({})[:500]" : "*{}";
  for (const auto& [title, side] : {std::pair("left: ", "left"), std::pair("right:", "right")})
    text += fmt::format("    print(\"{}\", {})\n", title, fmt::format(fmt::runtime(cut), side));
  text += differ_part(kind, plan);
  return text + std::string(main_tail);
}

// Compares the promise with what is observed.
std::string compare_with_promise(Kind kind, const ReproPlan& plan) {
  std::string before, after;
  if (kind == Kind::state) {
    before = after = "state()";
  } else if (plan.against == ReproPlan::Against::before) {
    before = after = fmt::format("repr([fact(t, x) for t in {}])", compared(plan));
  } else if (kind == Kind::error) {
    before = "\"raises\"";
    after = "end";
  } else {
    before = python_string(plan.expected);
    after = "next((seen for seen in [fact(t, x) for t in tensors(result)] if seen != promised), promised)";
  }
  return fmt::format(R"(

def run(side):
    """What the call promises, and what is observed after it."""
    x = inputs(side)
    promised = {}
    result, end = [], "returns"
    try:
        result = {}
    except Exception as error:
        end = {}
    print("the call", end)
    return promised, {}
{}    promised, seen = run(Program)
    seen = promised if same else seen
    print("{}", promised)
    print("{}", seen)
    differ = {}
)",
                     before, program_call(plan), raised, after, main_head,
                     plan.must_change ? "before:" : "promised:", plan.must_change ? "after: " : "seen:    ",
                     plan.must_change      ? "promised == seen and not same  # the call must change it"
                     : kind == Kind::error ? "not seen.startswith(promised)"
                                           : "promised != seen") +
         std::string(main_tail);
}

}  // namespace

std::string python_imports(const ReproPlan& plan) {
  if (plan.apart && !plan.dies) return "import os\nimport pickle\nimport sys\n\nimport torch\n";
  return plan.dies ? "import os\nimport signal\nimport sys\n\nimport torch\n"
                   : "import sys\n\nimport torch\n";
}

std::string python_inputs(const ReproPlan& plan) {
  std::string text;
  const std::string steps =
      layer_steps(plan, &corpora::LayerRow::python_memory, "        if layer == \"{}\":\n", 12);
  if (!steps.empty())
    text += fmt::format(R"(

def transformed(base, layers):
    """A tensor of the same values, with the layers applied."""
    marks = []
    for layer in layers:
{}    for mark in marks:
        base = mark(base)
    return base
)",
                        steps);
  text += "\n\ndef inputs(side):\n";
  if (uses_layer(plan, LayerKind::threads))
    text += "    torch.set_num_threads(dict(side.layers)[\"threads\"])\n";
  text += plan.device.empty()
              ? std::string("    memory = side.memory()\n")
              : fmt::format("    device = {}\n    memory = [t.to(device) for t in side.memory()]\n",
                            memory_device(plan));
  if (!steps.empty())
    text += R"(    for s in range(len(memory)):
        memory[s] = transformed(memory[s], [name for name, storage in side.layers if storage in (s, None)])
)";
  text +=
      "    x = [memory[s].as_strided(sizes, strides, offset) for s, sizes, strides, offset in side.views]\n";
  return text +
         layer_steps(plan, &corpora::LayerRow::python_views, "    if (\"{}\", None) in side.layers:\n", 8) +
         "    return x\n";
}

std::string python_comparison(Kind kind, const ReproPlan& plan) {
  if (plan.promise()) return compare_with_promise(kind, plan);
  return std::string(uses_layer(plan, LayerKind::fused) ? fused_part : "") + run_sides(kind, plan) +
         (plan.dies    ? std::string(child_part)
          : plan.apart ? std::string(apart_part)
                       : "") +
         compare_sides(kind, plan);
}

}  // namespace reports
