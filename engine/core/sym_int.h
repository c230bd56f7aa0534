// SymInt: an integer of a size, or a symbolic one: an expression of sizes that are not fixed yet, with the
// number that it has in the case at hand. Shape rules are templates over the integer; with SymInt they give
// the sizes of results for any sizes of arguments. Promises: arithmetic of two numbers gives a number, and
// saturates; a comparison that depends on a symbol answers for the case at hand, and the symbols' owner
// (engine/fake/shapes) records it as a guard; a SymInt that is a number has no node and records nothing.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <utility>

#include "engine/core/intrusive.h"
#include "engine/core/small_vector.h"

namespace engine {

enum class SymOp : uint8_t { add, sub, mul, div, mod, min, max };  // div and mod round towards minus infinity
enum class SymTest : uint8_t { equal, less };

class SymInt;

// One symbolic expression. Its owner computes with it.
class SymNode : public RefCounted {
 public:
  // Of two integers, at least one of which is a symbol of this node's owner.
  virtual SymInt combined(SymOp op, const SymInt& a, const SymInt& b) const = 0;
  virtual bool tested(SymTest test, const SymInt& a, const SymInt& b) const = 0;
  // The number of the case at hand. From then on the expression is that number.
  virtual int64_t specialized() const = 0;
  virtual int64_t hint() const = 0;  // the same number, without that consequence
  virtual bool is_boolean() const = 0;
  virtual std::string text() const = 0;
};

class SymInt {
 public:
  SymInt(int64_t number = 0) : number_(number) {}  // NOLINT: implicit
  explicit SymInt(Intrusive<SymNode> node) : node_(std::move(node)) {}

  bool is_symbol() const { return static_cast<bool>(node_); }
  const Intrusive<SymNode>& node() const { return node_; }
  int64_t hint() const { return node_ ? node_->hint() : number_; }
  int64_t specialized() const { return node_ ? node_->specialized() : number_; }

  friend SymInt operator+(const SymInt& a, const SymInt& b) { return combined(SymOp::add, a, b); }
  friend SymInt operator-(const SymInt& a, const SymInt& b) { return combined(SymOp::sub, a, b); }
  friend SymInt operator*(const SymInt& a, const SymInt& b) { return combined(SymOp::mul, a, b); }
  friend SymInt operator/(const SymInt& a, const SymInt& b) { return combined(SymOp::div, a, b); }
  friend SymInt operator%(const SymInt& a, const SymInt& b) { return combined(SymOp::mod, a, b); }
  friend SymInt min(const SymInt& a, const SymInt& b) { return combined(SymOp::min, a, b); }
  friend SymInt max(const SymInt& a, const SymInt& b) { return combined(SymOp::max, a, b); }
  SymInt& operator*=(const SymInt& other) { return *this = *this * other; }
  SymInt& operator+=(const SymInt& other) { return *this = *this + other; }

  friend bool operator==(const SymInt& a, const SymInt& b) { return tested(SymTest::equal, a, b); }
  friend bool operator<(const SymInt& a, const SymInt& b) { return tested(SymTest::less, a, b); }
  friend bool operator>(const SymInt& a, const SymInt& b) { return b < a; }
  friend bool operator<=(const SymInt& a, const SymInt& b) { return !(b < a); }
  friend bool operator>=(const SymInt& a, const SymInt& b) { return !(a < b); }

 private:
  static SymInt combined(SymOp op, const SymInt& a, const SymInt& b) {
    if (a.node_) return a.node_->combined(op, a, b);
    if (b.node_) return b.node_->combined(op, a, b);
    return of_numbers(op, a.number_, b.number_);
  }
  static bool tested(SymTest test, const SymInt& a, const SymInt& b) {
    if (a.node_) return a.node_->tested(test, a, b);
    if (b.node_) return b.node_->tested(test, a, b);
    return test == SymTest::equal ? a.number_ == b.number_ : a.number_ < b.number_;
  }
  static int64_t of_numbers(SymOp op, int64_t a, int64_t b);

  int64_t number_ = 0;
  Intrusive<SymNode> node_;
};

// The operation on numbers; INT64_MAX or INT64_MIN for a result that does not fit. Refuses a division by 0.
int64_t computed(SymOp op, int64_t a, int64_t b);

std::string to_string(const SymInt& number);

using SymDims = SmallVector<SymInt, 5>;

}  // namespace engine

template <>
struct fmt::formatter<engine::SymInt> : fmt::formatter<std::string> {
  auto format(const engine::SymInt& number, fmt::format_context& context) const {
    return fmt::formatter<std::string>::format(engine::to_string(number), context);
  }
};
