#include "engine/fake/shapes/guards.h"

#include <algorithm>

namespace engine::fake {

namespace {

// Inline, and without a switch: a check of a set of guards does little else.
int64_t saturated_product(int64_t a, int64_t b) {
  int64_t result = 0;
  return __builtin_mul_overflow(a, b, &result) ? ((a < 0) != (b < 0) ? INT64_MIN : INT64_MAX) : result;
}
int64_t saturated_sum(int64_t a, int64_t b) {
  int64_t result = 0;
  return __builtin_add_overflow(a, b, &result) ? (a < 0 ? INT64_MIN : INT64_MAX) : result;
}

}  // namespace

GuardSet::GuardSet(std::span<const AtomRow> atoms, std::span<const Guard> guards,
                   std::span<const InputRow> inputs)
    : atom_count_(atoms.size()) {
  for (Atom atom = 0; atom < atoms.size(); ++atom) {
    const AtomRow& row = atoms[atom];
    if (row.is_function)
      functions_.push_back({atom, row.op, flat(row.a), flat(row.b)});
    else if (!row.unbacked)
      limits_.push_back({atom, row.low, row.high});
  }
  for (const Guard& guard : guards) guards_.push_back({flat(guard.expression), guard.kind});
  std::vector<bool> bound(atoms.size(), false);
  for (uint32_t i = 0; i < inputs.size(); ++i) {
    shapes_.push_back({inputs[i].sizes.size(), inputs[i].dtype, inputs[i].offset});
    for (uint32_t d = 0; d < inputs[i].sizes.size(); ++d) {
      const Polynomial& size = inputs[i].sizes[d];
      const bool symbol =
          size.terms().size() == 1 && size.terms()[0].product.size() == 1 && size.terms()[0].factor == 1;
      if (symbol && !bound[size.terms()[0].product[0]]) {
        bound[size.terms()[0].product[0]] = true;
        sources_.push_back({i, d, size.terms()[0].product[0]});
      } else {
        demands_.push_back({i, d, false, flat(size)});
      }
      demands_.push_back({i, d, true, flat(inputs[i].strides[d])});
    }
  }
}

GuardSet::Flat GuardSet::flat(const Polynomial& expression) {
  const Flat made{static_cast<uint32_t>(terms_.size()), static_cast<uint32_t>(expression.terms().size())};
  for (const Term& term : expression.terms()) {
    terms_.push_back(
        {term.factor, static_cast<uint32_t>(factors_.size()), static_cast<uint32_t>(term.product.size())});
    factors_.insert(factors_.end(), term.product.begin(), term.product.end());
  }
  return made;
}

int64_t GuardSet::value(Flat expression, std::span<const int64_t> atoms) const {
  int64_t sum = 0;
  for (uint32_t t = expression.first; t < expression.first + expression.count; ++t) {
    int64_t product = terms_[t].factor;
    for (uint32_t f = terms_[t].first; f < terms_[t].first + terms_[t].count; ++f)
      product = saturated_product(product, atoms[factors_[f]]);
    sum = saturated_sum(sum, product);
  }
  return sum;
}

int64_t GuardSet::value(const Polynomial& expression, std::span<const int64_t> atoms) const {
  int64_t sum = 0;
  for (const Term& term : expression.terms()) {
    int64_t product = term.factor;
    for (const Atom atom : term.product) product = saturated_product(product, atoms[atom]);
    sum = saturated_sum(sum, product);
  }
  return sum;
}

bool GuardSet::compute_functions(std::span<int64_t> atoms) const {
  for (const Function& each : functions_) {
    const int64_t a = value(each.a, atoms), b = value(each.b, atoms);
    if (b == 0 && (each.op == SymOp::div || each.op == SymOp::mod)) return false;
    atoms[each.atom] = computed(each.op, a, b);
  }
  return true;
}

bool GuardSet::satisfied(GuardKind kind, int64_t value) {
  switch (kind) {
    case GuardKind::equal:
      return value == 0;
    case GuardKind::unequal:
      return value != 0;
    case GuardKind::positive:
      return value > 0;
    case GuardKind::not_positive:
      return value <= 0;
  }
  return false;
}

bool GuardSet::bind(std::span<const Tensor> inputs, std::span<int64_t> atoms) const {
  if (inputs.size() != shapes_.size()) return false;
  for (size_t i = 0; i < inputs.size(); ++i)
    if (inputs[i].rank() != shapes_[i].rank || inputs[i].dtype() != shapes_[i].dtype ||
        inputs[i].offset() != shapes_[i].offset)
      return false;
  for (const Source& each : sources_) atoms[each.atom] = inputs[each.input].size(each.dim);
  if (!compute_functions(atoms)) return false;
  return std::ranges::all_of(demands_, [&](const Demand& each) {
    const Tensor& input = inputs[each.input];
    return value(each.expression, atoms) == (each.stride ? input.stride(each.dim) : input.size(each.dim));
  });
}

bool GuardSet::hold(std::span<const int64_t> atoms) const {
  for (const Limit& each : limits_)
    if (atoms[each.atom] < each.low || atoms[each.atom] > each.high) return false;
  return std::ranges::all_of(
      guards_, [&](const Check& each) { return satisfied(each.kind, value(each.expression, atoms)); });
}

bool GuardSet::hold_for(std::span<const Tensor> inputs) const {
  SmallVector<int64_t, 64> atoms(atom_count_, 0);
  return bind(inputs, {atoms.data(), atoms.size()}) && hold({atoms.data(), atoms.size()});
}

}  // namespace engine::fake
