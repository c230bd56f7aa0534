#include "oracles/planted/planted.h"

#include <algorithm>
#include <array>

#include "engine/core/input_error.h"
#include "oracles/planted/dispatch/dispatch_faults.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles {

namespace {

struct TorchPlant {
  std::string_view name, oracle, mistake;
};

constexpr auto torch_plants = std::to_array<TorchPlant>({
    {"zero_value", "zero", "its ZeroTensor kernel returns zeros where the operator adds one, from rank 4 on"},
    {"zero_strides", "zero",
     "its ZeroTensor kernel returns a contiguous result where the kernel keeps its input's strides, from "
     "rank 3 on"},
    {"meta_dtype", "meta",
     "its Meta kernel widens only some of the integer dtypes that the real kernel widens"},
    {"meta_strides", "meta",
     "its Meta kernel returns a contiguous result where the real kernel keeps its input's strides, from "
     "rank 4 on"},
    {"conj_ignored", "conj", "a fallthrough at Conjugate for a kernel whose fast loop ignores the bit"},
    {"neg_ignored", "neg", "a fallthrough at Negative for a kernel whose fast loop ignores the bit"},
    {"variants_out_strided", "variants", "its out= form writes row by row into a transposed out"},
    {"variants_inplace", "variants", "its in-place form forgets a negative number's sign, from rank 2 on"},
    {"layout_ignores_strides", "layout", "takes an input for contiguous if its last stride is 1"},
    {"schema_undeclared_write", "schema",
     "replaces NaN in its contiguous input in place; the schema declares no write"},
    {"schema_undeclared_alias", "schema",
     "returns its input itself if that is f64; the schema promises a new tensor"},
    {"schema_lost_write", "schema", "updates a copy of the total that its schema declares as written"},
    {"schema_refuses_late", "schema", "rejects inputs of rank 4 only after it has cleared them"},
    {"boxing_returns_copy", "boxing",
     "its boxed in-place form returns a copy of what it wrote, from rank 4 on"},
    {"state_leak", "state", "leaves a dispatch key excluded when it raises"},
    {"stack_eats_below", "state", "drops one value more from the stack than it has arguments"},
    {"stack_reads_below", "determinism", "reads a value below its arguments on the stack"},
    {"autograd_slope", "autograd", "its derivative forgets a sign, from rank 3 on"},
    {"autograd_summed", "autograd", "sums the gradient of a smaller operand to one element"},
    {"autograd_dropped", "autograd", "detaches its second operand, from rank 3 on"},
    {"autograd_saved", "autograd", "its backward writes the saved result, from rank 3 on"},
    {"autograd_mode", "autograd", "has another result in no-grad mode, from rank 3 on"},
    {"autograd_silent", "autograd", "its result has no history, from rank 3 on"},
    {"autograd_second", "autograd", "its second derivative forgets a factor, from rank 3 on"},
    {"autograd_overwritten", "autograd", "keeps its operand without the version, from rank 3 on"},
    {"autograd_tangent", "autograd", "loses tangents of forward mode, from rank 3 on"},
    {"autograd_forward", "autograd", "its tangents have the other sign, from rank 3 on"},
    {"autograd_undefined", "autograd", "drops the gradient of a result if that of the other is undefined"},
    {"python_reads_memory", "python",
     "its composite kernel reads memory, which a wrapper tensor does not have, from rank 3 on"},
    {"fake_alias", "fake", "its Meta kernel returns a view of its input, from rank 3 on"},
    {"fake_device", "fake", "its Meta kernel returns a tensor of the CPU, from rank 4 on"},
    {"python_skipped", "python", "its composite kernel excludes the Python key, from rank 3 on"},
    {"batched_takes_first", "batched",
     "its batching rule takes the first dimension for the batch dimension, from rank 3 on"},
    {"batched_forgets_dim", "batched",
     "its batching rule does not count the batch dimension, from rank 3 on"},
    {"fuser_removed", "fuser",
     "writes a total that its schema does not declare as written, and returns nothing, so a graph removes "
     "it; from rank 4 on"},
    {"fuser_moved", "fuser",
     "writes its input, which its schema does not declare, so what reads it is moved across the call; from "
     "rank 3 on"},
    {"functionalize_reads_memory", "functionalize",
     "is made of other operators, but reads the memory of contiguous f32 inputs from rank 3 on"},
    {"functionalize_lost_total", "functionalize",
     "its Functionalize kernel forgets the total that it writes for inputs of rank 3"},
    {"device_kernel", "device", "its kernel for the private device adds nothing, from rank 4 on"},
    {"cpu_fallback_kernel", "cpu_fallback",
     "its kernel for the private device adds the absolute value, from rank 3 on"},
    {"cpu_fallback_device", "cpu_fallback",
     "returns positions on the CPU for inputs on another device, from rank 4 on"},
    {"cpu_fallback_lost_write", "cpu_fallback",
     "writes counters of a list for inputs of rank 3; the schema declares no write"},
    {"determinism_uninitialised", "determinism",
     "leaves the last of an odd number of elements unwritten, from rank 3 on"},
    {"arguments_negative_dim", "arguments",
     "from rank 3 on, takes a dimension that is counted from the end for the last one"},
    {"arguments_undefined", "arguments", "takes an undefined weight for a weight of zeros"},
    {"history_first_dtype", "history", "keeps a window in the dtype of the first call with its length"},
    {"history_largest_count", "history",
     "divides by the largest number of elements of all calls, from rank 3 on"},
    {"threads_lost_chunk", "threads",
     "leaves out the elements that remain if their number cannot be divided by the number of threads, from "
     "rank 3 on"},
    {"threads_lost_carry", "threads",
     "begins each thread's part as if it were the first one, from rank 4 on"},
    {"precision_half_softplus", "precision",
     "computes an exponential in f16, which overflows although the result does not"},
    {"precision_f64_in_f32", "precision", "computes f64 in f32, from rank 3 on"},
});

// Of torch: its modes, wrapper tensors and fake tensors are Python's.
bool needs_python(std::string_view oracle) { return oracle == "python" || oracle == "fake"; }

}  // namespace

std::span<const Planted> all_planted() {
  static const std::vector<Planted> all = [] {
    std::vector<Planted> rows;
    for (const TorchPlant& plant : torch_plants)
      rows.push_back({plant.name, plant.oracle, "torch", "planted::" + std::string(plant.name), plant.mistake,
                      needs_python(plant.oracle), plant.oracle == "device" ? "private" : "cpu"});
    for (const DispatchFault& fault : dispatch_faults())
      rows.push_back(
          {fault.name, "dispatch", "engine", std::string(corpora::program_operator), fault.mistake});
    for (const auto& [name, plant] : all_engine_plants())
      rows.push_back({name, plant.oracle, "engine", std::string(plant.operators), plant.mistake});
    return rows;
  }();
  return all;
}

const Planted& planted_named(std::string_view name) {
  const auto found = std::ranges::find(all_planted(), name, &Planted::name);
  if (found != all_planted().end()) return *found;
  throw engine::InputError(
      "--plant", "there is no planted bug '" + std::string(name) + "'; see 'faultline list planted'");
}

std::vector<size_t> operators_of(const Planted& planted, const corpora::Catalog& catalog) {
  if (planted.subject == "engine") return corpora::select(catalog, {planted.op});
  std::vector<size_t> chosen;
  for (size_t i = 0; i < catalog.operators().size(); ++i) {
    const std::string& base = catalog.operators()[i].schema.name;
    if (base == planted.op || base == planted.op + "_") chosen.push_back(i);
  }
  if (chosen.empty())
    throw engine::InputError("--plant", "the planted library has no operator " + planted.op);
  return chosen;
}

}  // namespace oracles
