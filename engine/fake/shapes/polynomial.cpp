#include "engine/fake/shapes/polynomial.h"

#include <algorithm>
#include <numeric>

#include "engine/core/check.h"
#include "engine/core/error.h"

namespace engine::fake {

namespace {

// By degree, then by atoms: an order in which the highest product of a product is that of the factors.
bool before(const Product& a, const Product& b) {
  if (a.size() != b.size()) return a.size() > b.size();
  return std::ranges::lexicographical_compare(a, b);
}

int64_t fitting(bool overflowed, int64_t number) {
  if (overflowed) throw Error("a symbolic size is too large");
  return number;
}
int64_t product_of(int64_t a, int64_t b) {
  int64_t result = 0;
  const bool overflowed = __builtin_mul_overflow(a, b, &result);
  return fitting(overflowed, result);
}
int64_t sum_of(int64_t a, int64_t b) {
  int64_t result = 0;
  const bool overflowed = __builtin_add_overflow(a, b, &result);
  return fitting(overflowed, result);
}

Product product_of(const Product& a, const Product& b) {
  Product product(a.size() + b.size());
  std::ranges::merge(a, b, product.begin());
  return product;
}

// Nothing if `divisor` is not a part of `product`.
std::optional<Product> quotient_of(const Product& product, const Product& divisor) {
  if (!std::ranges::includes(product, divisor)) return std::nullopt;
  Product rest;
  std::ranges::set_difference(product, divisor, std::back_inserter(rest));
  return rest;
}

}  // namespace

Polynomial::Polynomial(int64_t number) {
  if (number != 0) terms_.push_back({{}, number});
}

Polynomial Polynomial::of(Atom atom) {
  Polynomial made;
  made.terms_.push_back({{atom}, 1});
  return made;
}

std::optional<int64_t> Polynomial::number() const {
  if (terms_.empty()) return 0;
  if (terms_.size() > 1 || !terms_[0].product.empty()) return std::nullopt;
  return terms_[0].factor;
}

int64_t Polynomial::constant() const {
  return !terms_.empty() && terms_.back().product.empty() ? terms_.back().factor : 0;
}

bool Polynomial::has(Atom atom) const {
  return std::ranges::any_of(terms_,
                             [&](const Term& term) { return std::ranges::count(term.product, atom) > 0; });
}

void Polynomial::add(Product product, int64_t factor) {
  const auto at = std::ranges::lower_bound(terms_, product, before, &Term::product);
  if (at == terms_.end() || at->product != product) {
    terms_.insert(at, {std::move(product), factor});
    return;
  }
  at->factor = sum_of(at->factor, factor);
  if (at->factor == 0) terms_.erase(at);
}

Polynomial Polynomial::operator+(const Polynomial& other) const {
  Polynomial sum = *this;
  for (const Term& term : other.terms_) sum.add(term.product, term.factor);
  return sum;
}

Polynomial Polynomial::operator*(const Polynomial& other) const {
  Polynomial product;
  for (const Term& a : terms_)
    for (const Term& b : other.terms_)
      product.add(product_of(a.product, b.product), product_of(a.factor, b.factor));
  return product;
}

std::optional<Polynomial> Polynomial::divided_by(const Polynomial& divisor) const {
  CHECK(!divisor.terms_.empty(), "a divisor that is not zero");
  const Term& lead = divisor.terms_.front();
  Polynomial rest = *this, quotient;
  while (!rest.terms_.empty()) {
    const Term& highest = rest.terms_.front();
    std::optional<Product> product = quotient_of(highest.product, lead.product);
    if (!product || highest.factor % lead.factor != 0) return std::nullopt;
    Polynomial part;
    part.terms_.push_back({std::move(*product), highest.factor / lead.factor});
    rest = rest - part * divisor;
    quotient = quotient + part;
  }
  return quotient;
}

Polynomial Polynomial::primitive() const {
  int64_t divisor = 0;
  for (const Term& term : terms_) divisor = std::gcd(divisor, term.factor);
  Polynomial made = *this;
  if (divisor > 1)
    for (Term& term : made.terms_) term.factor /= divisor;
  return made;
}

}  // namespace engine::fake
