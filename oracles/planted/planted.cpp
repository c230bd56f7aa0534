#include "oracles/planted/planted.h"

#include <array>
#include <string>
#include <vector>

#include "engine/core/input_error.h"
#include "oracles/planted/dispatch/dispatch_faults.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles {

namespace {

constexpr std::array planted_table{
    Planted{"zero_value", "zero", "torch", "planted::zero_value",
            "its ZeroTensor kernel returns zeros where the operator adds one, from rank 4 on"},
    Planted{"zero_strides", "zero", "torch", "planted::zero_strides",
            "its ZeroTensor kernel returns contiguous results where the kernel keeps its input's strides, "
            "from rank 3 on"},
    Planted{"meta_dtype", "meta", "torch", "planted::meta_dtype",
            "its Meta kernel widens only some of the integer dtypes that the real kernel widens"},
    Planted{"meta_strides", "meta", "torch", "planted::meta_strides",
            "its Meta kernel returns contiguous results where the real kernel keeps its input's strides, "
            "from rank 4 on"},
    Planted{
        "conj_ignored", "conj", "torch", "planted::conj_ignored",
        "a fallthrough at Conjugate for a kernel whose fast loop reads memory without asking for the bit"},
    Planted{"neg_ignored", "neg", "torch", "planted::neg_ignored",
            "a fallthrough at Negative for a kernel whose fast loop reads memory without asking for the bit"},
    Planted{"variants_out_strided", "variants", "torch", "planted::variants_out_strided",
            "its out= form writes row by row into a transposed out"},
    Planted{"variants_inplace", "variants", "torch", "planted::variants_inplace",
            "its in-place form forgets a negative number's sign, from rank 2 on"},
    Planted{"layout_ignores_strides", "layout", "torch", "planted::layout_ignores_strides",
            "takes a last stride of 1 for contiguous"},
    Planted{"schema_undeclared_write", "schema", "torch", "planted::schema_undeclared_write",
            "cleans its contiguous input of NaN in place; the schema marks no write"},
    Planted{"schema_undeclared_alias", "schema", "torch", "planted::schema_undeclared_alias",
            "returns its very input when that is f64; the schema promises a new tensor"},
    Planted{"schema_refuses_late", "schema", "torch", "planted::schema_refuses_late",
            "refuses inputs of rank 4 only after it has cleared them"},
    Planted{"boxing_returns_copy", "boxing", "torch", "planted::boxing_returns_copy",
            "its boxed in-place form returns a copy of what it wrote, from rank 4 on"},
    Planted{"state_leak", "state", "torch", "planted::state_leak",
            "leaves a dispatch key excluded when it raises"},
    Planted{"determinism_uninitialised", "determinism", "torch", "planted::determinism_uninitialised",
            "leaves the last of an odd number of elements unwritten, from rank 3 on"},
};

}  // namespace

std::span<const Planted> all_planted() {
  static const std::vector<Planted> all = [] {
    std::vector<Planted> rows(planted_table.begin(), planted_table.end());
    for (const DispatchFault& fault : dispatch_faults())
      rows.push_back({fault.name, "dispatch", "engine", corpora::program_operator, fault.mistake});
    for (const EnginePlant* plant : all_engine_plants())
      rows.push_back({plant->name, plant->oracle, "engine", plant->operators, plant->mistake});
    return rows;
  }();
  return all;
}

const Planted& planted_named(std::string_view name) {
  for (const Planted& planted : all_planted())
    if (planted.name == name) return planted;
  throw engine::InputError(
      "--plant", "there is no planted bug '" + std::string(name) + "'; see 'faultline list planted'");
}

std::vector<size_t> operators_of(const Planted& planted, const corpora::Catalog& catalog) {
  if (planted.subject == "engine") return corpora::select(catalog, {std::string(planted.op)});
  std::vector<size_t> chosen;
  const std::string op(planted.op);
  for (size_t i = 0; i < catalog.operators().size(); ++i) {
    const std::string& base = catalog.operators()[i].schema.name;
    if (base == op || base == op + "_") chosen.push_back(i);
  }
  if (chosen.empty()) throw engine::InputError("--plant", "the planted library has no operator " + op);
  return chosen;
}

}  // namespace oracles
