#include "oracles/trial/other_data.h"

#include <array>

#include "oracles/compare/element.h"

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

}  // namespace

bool data_can_change(Trial& trial, const corpora::Path& told,
                     const std::function<bool(const Outcome&)>& different) {
  for (const Filling& filling : fillings)
    if (different(trial.run(filled(trial.test_case(), filling), {}, told))) return true;
  return false;
}

}  // namespace oracles
