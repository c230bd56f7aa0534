// Stack: the values of a boxed call. The arguments are the last ones; results take their place. Up to eight
// values need no allocation: few calls have more.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <utility>

#include "engine/core/check.h"
#include "engine/core/value.h"

namespace engine {

class Stack {
 public:
  Stack() = default;
  Stack(std::initializer_list<Value> values) {
    for (const Value& value : values) push_back(value);
  }
  Stack(const Stack& other) {
    for (const Value& value : other) push_back(value);
  }
  Stack(Stack&& other) noexcept { take(other); }
  Stack& operator=(Stack other) noexcept {
    clear();
    release();
    take(other);
    return *this;
  }
  ~Stack() {
    clear();
    release();
  }

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  Value* begin() { return values_; }
  Value* end() { return values_ + size_; }
  const Value* begin() const { return values_; }
  const Value* end() const { return values_ + size_; }
  Value& operator[](size_t i) { return values_[i]; }
  const Value& operator[](size_t i) const { return values_[i]; }
  Value& back() { return values_[size_ - 1]; }

  // The last `count` values. CHECKs that there are as many.
  std::span<Value> last(size_t count) {
    CHECK(count <= size_, "a stack with fewer values than the operator has arguments");
    return {end() - count, count};
  }

  template <class T>
  void push_back(T&& value) {
    if (size_ == capacity_) [[unlikely]] {
      Value kept(std::forward<T>(value));  // it may stand on this stack
      grow();
      new (values_ + size_++) Value(std::move(kept));
      return;
    }
    new (values_ + size_) Value(std::forward<T>(value));
    ++size_;
  }
  Value pop() {
    Value value = std::move(back());
    drop(1);
    return value;
  }
  void drop(size_t count) {
    Value* const kept = values_ + size_ - count;
    for (Value* value = values_ + size_; value != kept;) (--value)->~Value();
    size_ -= count;
  }
  void clear() { drop(size_); }

 private:
  static constexpr size_t inline_size = 8;

  Value* near() { return reinterpret_cast<Value*>(inline_); }
  void grow();
  void take(Stack& other) noexcept;
  void release() {
    if (values_ != near()) ::operator delete(values_);
    values_ = near();
    capacity_ = inline_size;
  }

  size_t size_ = 0;
  size_t capacity_ = inline_size;
  Value* values_ = near();
  alignas(Value) std::byte inline_[inline_size * sizeof(Value)];
};

}  // namespace engine
