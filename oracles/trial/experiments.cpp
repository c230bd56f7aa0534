#include "oracles/trial/experiments.h"

#include <algorithm>
#include <array>
#include <set>

#include "engine/core/error.h"
#include "oracles/compare/element.h"
#include "oracles/compare/element_bytes.h"
#include "oracles/trial/effects.h"

namespace oracles {

namespace {

using corpora::FillRule;

struct Filling {
  FillRule integers, reals;
  bool identity = false;  // reals: ones on the diagonals of matrices, zeros elsewhere
};

constexpr std::array<Filling, 7> fillings{{
    {FillRule::zeros, FillRule::zeros},
    {FillRule::ones, FillRule::ones},
    {FillRule::zeros, FillRule::unit},
    {FillRule::zeros, FillRule::zeros, true},
    {FillRule::iota, FillRule::positive},
    {FillRule::ones, FillRule::unit},
    {FillRule::ones, FillRule::zeros, true},
}};

// Ones on the diagonal of the last two dimensions of every view of the storage.
void set_diagonals(corpora::Case& c, int32_t storage) {
  corpora::Storage& filled = c.storages[static_cast<size_t>(storage)];
  const size_t size = engine::size_of(filled.dtype);
  filled.rule = FillRule::values;
  filled.bytes.assign(static_cast<size_t>(filled.elements) * size, std::byte{0});
  for (const corpora::Input& input : c.inputs) {
    const size_t rank = input.sizes.size();
    if (input.storage != storage || rank < 2) continue;
    const int64_t columns = input.sizes[rank - 1];
    const int64_t rows = input.sizes[rank - 2];
    int64_t index = 0;
    engine::for_each_position(input.sizes, input.strides, input.offset, [&](int64_t position) {
      if (index % columns == index / columns % rows)
        store_component(filled.dtype, 1, filled.bytes.data() + static_cast<size_t>(position) * size);
      ++index;
    });
  }
}

corpora::Case filled(const corpora::Case& c, const Filling& filling) {
  corpora::Case other = c;
  for (size_t s = 0; s < other.storages.size(); ++s) {
    corpora::Storage& storage = other.storages[s];
    const bool integral = engine::is_integral(storage.dtype);
    storage.rule = integral ? filling.integers : filling.reals;
    storage.bytes.clear();
    if (!integral && filling.identity) set_diagonals(other, static_cast<int32_t>(s));
  }
  return other;
}

// A Scalar of an author's operator is data as the elements are: one that a dtype cannot hold raises where a
// kernel converts it. The library's operators choose dtypes and formulas by Scalars.
corpora::Case with_small_scalars(const Trial& trial, corpora::Case c) {
  for (size_t i = 0; i < c.calls.size() && i < trial.operators().size(); ++i) {
    if (!trial.operators()[i]->by_author) continue;
    const std::vector<engine::Argument>& declared = trial.operators()[i]->schema.arguments;
    std::vector<corpora::Value>& given = c.calls[i].arguments;
    for (size_t a = 0; a < given.size() && a < declared.size(); ++a)
      if (declared[a].type.kind == engine::TypeKind::number) given[a] = corpora::Value::of_integer(1);
  }
  return c;
}

// What earlier calls returned becomes inputs with the same sizes, so that their elements are data, too.
corpora::Case with_results_as_inputs(Trial& trial, corpora::Case c) {
  const Outcome& direct = trial.direct();
  corpora::for_each_tensor(c, [&](corpora::TensorRef& ref) {
    if (ref.is_input() || static_cast<size_t>(ref.call) >= direct.calls.size()) return;
    const TensorSnapshot* t = tensor_result(direct.calls[static_cast<size_t>(ref.call)], ref.index);
    if (!t || !t->defined || t->opaque || !t->has_values) return;
    const auto storage = static_cast<int32_t>(c.storages.size());
    c.storages.push_back({t->dtype, engine::element_count(t->sizes), FillRule::zeros, 0, {}});
    c.inputs.push_back({storage, t->sizes, engine::contiguous_strides(t->sizes), 0});
    ref = {-1, static_cast<int32_t>(c.inputs.size()) - 1};
  });
  return corpora::fault_of(c).empty() ? c : trial.test_case();
}

// Every input is contiguous and has its own storage.
bool all_contiguous(const corpora::Case& c) {
  std::set<int32_t> storages;
  return std::ranges::all_of(c.inputs, [&](const corpora::Input& input) {
    return input.offset == 0 && engine::is_contiguous(input.sizes, input.strides) &&
           storages.insert(input.storage).second;
  });
}

using DType = engine::DType;

bool same_class(DType a, DType b) {
  return engine::is_complex(a) == engine::is_complex(b) && engine::is_floating(a) == engine::is_floating(b) &&
         (a == DType::b8) == (b == DType::b8);
}

corpora::Case with_dtype(const corpora::Case& c, DType from, DType to) {
  corpora::Case other = c;
  for (corpora::Storage& storage : other.storages) {
    if (storage.dtype != from) continue;
    storage.dtype = to;
    if (storage.rule == FillRule::values) storage.bytes = converted(storage.bytes, from, to);
  }
  return other;
}

}  // namespace

bool data_can_change(Trial& trial, const corpora::Path& path, const corpora::Path& journal_path,
                     const Condition& condition) {
  const corpora::Case& c = trial.test_case();
  const auto shows = [&](const corpora::Case& other) {
    return condition(trial.run(other, path, journal_path));
  };
  if (std::ranges::any_of(fillings, [&](const Filling& filling) { return shows(filled(c, filling)); }))
    return true;
  const corpora::Case small = with_small_scalars(trial, c);
  return !(small == c) && shows(small);
}

bool results_can_change(Trial& trial, const corpora::Path& journal_path, const Condition& condition) {
  const corpora::Case free = with_results_as_inputs(trial, trial.test_case());
  return !(free == trial.test_case()) && std::ranges::any_of(fillings, [&](const Filling& filling) {
    return condition(trial.run(filled(free, filling), {}, journal_path));
  });
}

bool layout_can_change(Trial& trial, const corpora::Case& c, const corpora::Path& path,
                       const corpora::Path& journal_path, const Condition& condition) {
  if (all_contiguous(c)) return false;
  corpora::Path contiguous = path;
  contiguous.push_back({corpora::LayerKind::contiguous});
  if (!trial.subject().refuses(c, contiguous).empty()) return false;
  return condition(trial.run(c, contiguous, journal_path));
}

bool dtype_can_change(Trial& trial, const corpora::Path& journal_path, bool any_class,
                      const Condition& condition) {
  constexpr std::array others{DType::f32, DType::f64, DType::i64, DType::i32, DType::c64, DType::c128};
  std::set<DType> used;
  for (const corpora::Storage& storage : trial.test_case().storages) used.insert(storage.dtype);
  for (const DType from : used)
    for (const DType to : others)
      if (!used.contains(to) && (any_class || same_class(from, to)) &&
          condition(trial.run(with_dtype(trial.test_case(), from, to), {}, journal_path)))
        return true;
  return false;
}

bool may_be_about_layouts(const CallOutcome& error) {
  return error.cause == ErrorCause::layout || (error.error_class != name_of(engine::ErrorKind::index) &&
                                               error.error_class != name_of(engine::ErrorKind::internal));
}

bool passes(const Outcome& outcome, size_t call) {
  return outcome.calls.size() > call && outcome.calls[call].status == Status::returned;
}

bool may_index_nothing(const corpora::Case& c) {
  const auto is_empty = [](const corpora::Input& input) { return engine::element_count(input.sizes) == 0; };
  const auto may_be_indices = [&](const corpora::Input& input) {
    return !is_empty(input) && engine::is_integral(c.storages[static_cast<size_t>(input.storage)].dtype);
  };
  return std::ranges::any_of(c.inputs, is_empty) && std::ranges::any_of(c.inputs, may_be_indices);
}

}  // namespace oracles
