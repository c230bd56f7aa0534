#include "engine/fake/shapes/shape_env.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "engine/core/symbolic_geometry.h"

namespace engine::fake {

namespace {

constexpr int64_t specialized_max = 1;  // sizes up to this are numbers
constexpr int64_t size_max = int64_t{1} << 40;

// One expression of an environment.
class Expression final : public SymNode {
 public:
  Expression(ShapeEnv& shapes, Polynomial of, bool boolean)
      : env(shapes), polynomial(std::move(of)), boolean_(boolean) {}

  SymInt combined(SymOp op, const SymInt& a, const SymInt& b) const override {
    return env.combined(op, a, b);
  }
  bool tested(SymTest test, const SymInt& a, const SymInt& b) const override {
    return env.tested(test, a, b);
  }
  int64_t specialized() const override { return env.specialized(polynomial); }
  int64_t hint() const override { return env.hint_of(polynomial); }
  bool is_boolean() const override { return boolean_; }
  std::string text() const override { return env.text_of(env.simplified(polynomial)); }

  ShapeEnv& env;
  Polynomial polynomial;

 private:
  bool boolean_;
};

const Expression& expression_of(const SymInt& symbol) {
  return static_cast<const Expression&>(*symbol.node());
}

// Dimensions from the innermost, by strides; dimensions of one element do not matter.
SmallVector<size_t, 8> innermost_first(const Tensor& tensor) {
  SmallVector<size_t, 8> order(tensor.rank());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::sort(order, [&](size_t a, size_t b) {
    return tensor.stride(a) != tensor.stride(b) ? tensor.stride(a) < tensor.stride(b) : a > b;
  });
  return order;
}

}  // namespace

NeedsNumber::NeedsNumber(const std::string& comparison)
    : Error("a comparison depends on elements, which fake tensors do not have: " + comparison,
            ErrorKind::not_implemented) {}

SymInt ShapeEnv::expression(const Polynomial& polynomial) {
  if (const std::optional<int64_t> number = polynomial.number()) return *number;
  return SymInt(make_intrusive<Expression>(*this, polynomial, false));
}

Polynomial ShapeEnv::polynomial_of(const SymInt& number) const {
  if (!number.is_symbol()) return Polynomial(number.hint());
  return simplified(expression_of(number).polynomial);
}

SymInt ShapeEnv::symbol_for(int64_t hint) {
  if (policy_.specializes && hint <= specialized_max) return hint;
  if (policy_.duck)
    if (const auto known = ducks_.find(hint); known != ducks_.end())
      return expression(simplified(Polynomial::of(known->second)));
  const auto atom = static_cast<Atom>(atoms_.size());
  const int64_t low = policy_.specializes ? specialized_max + 1 : 0;
  atoms_.push_back({.name = fmt::format("s{}", atom), .hint = hint, .low = low, .high = size_max});
  ducks_.emplace(hint, atom);
  return expression(Polynomial::of(atom));
}

SymInt ShapeEnv::unbacked(int64_t low, int64_t high, bool boolean) {
  if (low == high && !boolean) return low;
  const auto atom = static_cast<Atom>(atoms_.size());
  // No result depends on the hint: a comparison that would is refused.
  const int64_t hint = std::clamp<int64_t>(7, low, high);
  atoms_.push_back({.name = fmt::format("u{}", atom),
                    .hint = hint,
                    .low = low,
                    .high = high,
                    .unbacked = true,
                    .boolean = boolean});
  return SymInt(make_intrusive<Expression>(*this, Polynomial::of(atom), boolean));
}

ShapeEnv::Input ShapeEnv::add_input(const Tensor& tensor) {
  Input made;
  for (const int64_t size : tensor.sizes()) made.sizes.push_back(symbol_for(size));
  made.strides = sym_dims(tensor.strides());
  SymInt step = 1;
  bool dense = true;
  SymDims strides(tensor.rank());
  for (const size_t d : innermost_first(tensor)) {
    strides[d] = tensor.size(d) == 1 ? SymInt(tensor.stride(d)) : step;
    dense = dense && strides[d].hint() == tensor.stride(d);
    step *= made.sizes[d];
  }
  if (dense && tensor.element_count() > 0) made.strides = strides;
  made.offset = tensor.offset();
  InputRow& row = inputs_.emplace_back();
  row.dtype = tensor.dtype();
  row.offset = tensor.offset();
  for (const SymInt& size : made.sizes)
    row.sizes.push_back(size.is_symbol() ? expression_of(size).polynomial : Polynomial(size.hint()));
  for (const SymInt& stride : made.strides)
    row.strides.push_back(stride.is_symbol() ? expression_of(stride).polynomial : Polynomial(stride.hint()));
  return made;
}

int64_t ShapeEnv::hint_of(const Polynomial& expression) const {
  int64_t sum = 0;
  for (const Term& term : expression.terms()) {
    int64_t product = term.factor;
    for (const Atom atom : term.product) product = engine::computed(SymOp::mul, product, atoms_[atom].hint);
    sum = engine::computed(SymOp::add, sum, product);
  }
  return sum;
}

// Replaces what is replaced, also inside of functions.
Polynomial ShapeEnv::simplified(const Polynomial& expression) const {
  if (replacements_.empty()) return expression;
  Polynomial made;
  bool changed = false;
  for (const Term& term : expression.terms()) {
    Polynomial product(term.factor);
    for (const Atom atom : term.product) {
      const auto found = replacements_.find(atom);
      changed = changed || found != replacements_.end();
      product = product * (found == replacements_.end() ? Polynomial::of(atom) : found->second);
    }
    made = made + product;
  }
  return changed ? simplified(made) : expression;
}

bool ShapeEnv::has_unbacked(const Polynomial& expression) const {
  return std::ranges::any_of(expression.terms(), [&](const Term& term) {
    return std::ranges::any_of(term.product, [&](Atom atom) {
      const AtomRow& row = atoms_[atom];
      return row.is_function ? has_unbacked(row.a) || has_unbacked(row.b) : row.unbacked;
    });
  });
}

std::string ShapeEnv::text_of(const Polynomial& expression) const {
  constexpr std::array<std::string_view, 7> operators{"+", "-", "*", "//", "%", "min", "max"};
  const auto atom_text = [&](Atom atom) -> std::string {
    const AtomRow& row = atoms_[atom];
    if (!row.is_function) return row.name;
    const std::string_view op = operators[static_cast<size_t>(row.op)];
    const std::string a = text_of(row.a), b = text_of(row.b);
    if (row.op == SymOp::min || row.op == SymOp::max) return fmt::format("{}({}, {})", op, a, b);
    return fmt::format("({} {} {})", row.a.terms().size() > 1 ? "(" + a + ")" : a, op,
                       row.b.terms().size() > 1 ? "(" + b + ")" : b);
  };
  std::string text;
  for (const Term& term : expression.terms()) {
    const bool minus = term.factor < 0;
    const auto magnitude =
        minus ? 0 - static_cast<uint64_t>(term.factor) : static_cast<uint64_t>(term.factor);
    text += text.empty() ? (minus ? "-" : "") : (minus ? " - " : " + ");
    std::string product = magnitude == 1 && !term.product.empty() ? "" : std::to_string(magnitude);
    for (const Atom atom : term.product) product += (product.empty() ? "" : "*") + atom_text(atom);
    text += product;
  }
  return text.empty() ? "0" : text;
}

std::vector<std::string> ShapeEnv::guard_texts() const {
  constexpr std::array<std::string_view, 4> signs{"==", "!=", ">", "<="};
  std::vector<std::string> texts;
  for (const Guard& guard : guards_) {
    // Terms with a minus are on the right.
    Polynomial left, right;
    for (const Term& term : guard.expression.terms()) {
      Polynomial part(term.factor < 0 ? -term.factor : term.factor);
      for (const Atom atom : term.product) part = part * Polynomial::of(atom);
      (term.factor < 0 ? right : left) = (term.factor < 0 ? right : left) + part;
    }
    texts.push_back(
        fmt::format("{} {} {}", text_of(left), signs[static_cast<size_t>(guard.kind)], text_of(right)));
  }
  return texts;
}

GuardSet ShapeEnv::guard_set() const { return {atoms_, guards_, inputs_}; }

int64_t ShapeEnv::value_for(const SymInt& expression, std::span<const Tensor> inputs) const {
  if (!expression.is_symbol()) return expression.hint();
  const GuardSet set = guard_set();
  std::vector<int64_t> atoms(set.atom_count(), 0);
  if (!set.bind(inputs, atoms) || !set.hold(atoms))
    throw Error("the guards do not hold for these inputs", ErrorKind::value);
  return set.value(expression_of(expression).polynomial, atoms);
}

SymInt ShapeEnv::combined(SymOp op, const SymInt& a, const SymInt& b) {
  return expression(computed_by(op, polynomial_of(a), polynomial_of(b)));
}

Polynomial ShapeEnv::computed_by(SymOp op, const Polynomial& a, const Polynomial& b) {
  switch (op) {
    case SymOp::add:
      return a + b;
    case SymOp::sub:
      return a - b;
    case SymOp::mul:
      return a * b;
    case SymOp::div:
    case SymOp::mod: {
      if (b == Polynomial()) throw Error("division of a size by zero");
      if (const std::optional<Polynomial> quotient = a.divided_by(b))
        return op == SymOp::div ? *quotient : Polynomial();
      break;
    }
    case SymOp::min:
    case SymOp::max: {
      const Range difference = range_of(a - b);
      if (difference.low >= 0) return op == SymOp::min ? b : a;
      if (difference.high <= 0) return op == SymOp::min ? a : b;
      break;
    }
  }
  if (const auto x = a.number(), y = b.number(); x && y) return Polynomial(engine::computed(op, *x, *y));
  const AtomRow made{.is_function = true, .op = op, .a = a, .b = b};
  if (const Range range = range_of(made); range.low == range.high) return Polynomial(range.low);
  return Polynomial::of(function(op, a, b));
}

Atom ShapeEnv::function(SymOp op, Polynomial a, Polynomial b) {
  for (Atom atom = 0; atom < atoms_.size(); ++atom)
    if (const AtomRow& row = atoms_[atom]; row.is_function && row.op == op && row.a == a && row.b == b)
      return atom;
  const int64_t hint = engine::computed(op, hint_of(a), hint_of(b));
  atoms_.push_back({.hint = hint, .is_function = true, .op = op, .a = std::move(a), .b = std::move(b)});
  return static_cast<Atom>(atoms_.size() - 1);
}

ShapeEnv::Range ShapeEnv::range_of(const AtomRow& atom) const {
  if (!atom.is_function) return {atom.low, atom.high};
  const Range a = range_of(atom.a), b = range_of(atom.b);
  switch (atom.op) {
    case SymOp::div:
      if (a.low < 0 || b.low < 1) break;
      return {a.low / b.high, a.high / b.low};
    case SymOp::mod:
      if (b.low < 1) break;
      return {0, b.high - 1};
    case SymOp::min:
      return {std::min(a.low, b.low), std::min(a.high, b.high)};
    case SymOp::max:
      return {std::max(a.low, b.low), std::max(a.high, b.high)};
    default:
      break;
  }
  return {INT64_MIN, INT64_MAX};
}

// Of each term alone: wider than the truth if an atom is in several.
ShapeEnv::Range ShapeEnv::range_of(const Polynomial& expression) const {
  const auto times = [](int64_t a, int64_t b) { return engine::computed(SymOp::mul, a, b); };
  const auto plus = [](int64_t a, int64_t b) {
    // A limit that is not known stays so.
    for (const int64_t limit : {INT64_MIN, INT64_MAX})
      if (a == limit || b == limit) return limit;
    return engine::computed(SymOp::add, a, b);
  };
  Range sum{0, 0};
  for (const Term& term : expression.terms()) {
    Range product{term.factor, term.factor};
    for (const Atom atom : term.product) {
      const Range range = range_of(atoms_[atom]);
      const std::array<int64_t, 4> ends{times(product.low, range.low), times(product.low, range.high),
                                        times(product.high, range.low), times(product.high, range.high)};
      product = {*std::ranges::min_element(ends), *std::ranges::max_element(ends)};
    }
    sum = {plus(sum.low, product.low), plus(sum.high, product.high)};
  }
  return sum;
}

bool ShapeEnv::tested(SymTest test, const SymInt& a, const SymInt& b) {
  const Polynomial left = polynomial_of(a), right = polynomial_of(b);
  if (test == SymTest::equal) return decided(GuardKind::equal, left - right);
  return decided(GuardKind::positive, right - left);
}

// Without the atoms that all terms have, and that are positive: neither zero nor the sign depends on them.
Polynomial ShapeEnv::without_positive_factors(const Polynomial& expression) const {
  Polynomial rest = expression;
  if (rest.terms().empty()) return rest;
  for (const Atom atom : Product(expression.terms()[0].product)) {
    if (range_of(atoms_[atom]).low < 1) continue;
    if (auto quotient = rest.divided_by(Polynomial::of(atom))) rest = std::move(*quotient);
  }
  return rest;
}

// Whether the difference is zero, or positive.
bool ShapeEnv::decided(GuardKind kind, const Polynomial& given) {
  const Polynomial difference = without_positive_factors(given);
  const Range range = range_of(difference);
  const bool equality = kind == GuardKind::equal;
  if (equality) {
    if (range.low > 0 || range.high < 0) return false;
    if (range.low == 0 && range.high == 0) return true;
    // No sizes can make 2*s0 == 3.
    if (const int64_t rest = difference.constant(); rest != 0) {
      const Polynomial variable = difference - Polynomial(rest);
      const Polynomial primitive = variable.primitive();
      if (rest % (variable.terms()[0].factor / primitive.terms()[0].factor) != 0) return false;
    }
  } else {
    if (range.low > 0) return true;
    if (range.high <= 0) return false;
  }
  const int64_t hint = hint_of(difference);
  const bool answer = equality ? hint == 0 : hint > 0;
  const GuardKind recorded = equality ? (answer ? GuardKind::equal : GuardKind::unequal)
                                      : (answer ? GuardKind::positive : GuardKind::not_positive);
  if (has_unbacked(difference))
    throw NeedsNumber(fmt::format("{} {} 0", text_of(difference), equality ? "==" : ">"));
  const Guard guard{equality ? difference.primitive() : difference, recorded};
  if (std::ranges::find(guards_, guard) == guards_.end()) guards_.push_back(guard);
  if (recorded == GuardKind::equal)
    learn(guard.expression);
  else
    narrow(difference, recorded);
  return answer;
}

// From an expression that is zero: a symbol that it has once, with the factor 1 or -1, equals the rest. The
// newest one, so that the symbols of the first inputs remain.
void ShapeEnv::learn(const Polynomial& zero) {
  const Term* best = nullptr;
  for (const Term& term : zero.terms()) {
    if (term.product.size() != 1 || (term.factor != 1 && term.factor != -1)) continue;
    const Atom atom = term.product[0];
    if (atoms_[atom].is_function || atoms_[atom].unbacked) continue;
    const auto uses = std::ranges::count_if(zero.terms(), [&](const Term& other) {
      return std::ranges::any_of(other.product, [&](Atom each) {
        const AtomRow& row = atoms_[each];
        return each == atom || (row.is_function && (row.a.has(atom) || row.b.has(atom)));
      });
    });
    if (uses == 1 && (!best || best->product[0] < atom)) best = &term;
  }
  if (!best) return;
  const Atom atom = best->product[0];
  const Polynomial self = Polynomial::of(atom) * Polynomial(best->factor);
  replacements_[atom] = (self - zero) * Polynomial(best->factor);
}

// From factor*s + rest > 0, or <= 0.
void ShapeEnv::narrow(const Polynomial& difference, GuardKind kind) {
  const Term& first = difference.terms()[0];
  if (kind == GuardKind::unequal || first.product.size() != 1 ||
      difference.terms().size() > (difference.constant() != 0 ? 2U : 1U))
    return;
  AtomRow& symbol = atoms_[first.product[0]];
  if (symbol.is_function || (first.factor != 1 && first.factor != -1)) return;
  const int64_t rest = difference.constant();
  const bool positive = kind == GuardKind::positive;
  if (first.factor == 1)
    (positive ? symbol.low : symbol.high) =
        positive ? std::max(symbol.low, 1 - rest) : std::min(symbol.high, -rest);
  else
    (positive ? symbol.high : symbol.low) =
        positive ? std::min(symbol.high, rest - 1) : std::max(symbol.low, rest);
}

int64_t ShapeEnv::specialized(const Polynomial& given) {
  const Polynomial expression = simplified(given);
  const int64_t hint = hint_of(expression);
  if (!expression.number()) decided(GuardKind::equal, expression - Polynomial(hint));
  return hint;
}

}  // namespace engine::fake
