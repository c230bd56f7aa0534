// Stack: the values of a boxed call. The arguments are the last values; the results replace them. Up to eight
// values need no allocation; few calls have more.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <utility>

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

  size_t size() const { return static_cast<size_t>(end_ - begin_); }
  bool empty() const { return end_ == begin_; }
  Value* begin() { return begin_; }
  Value* end() { return end_; }
  const Value* begin() const { return begin_; }
  const Value* end() const { return end_; }
  Value& operator[](size_t i) { return begin_[i]; }
  const Value& operator[](size_t i) const { return begin_[i]; }
  Value& back() { return end_[-1]; }

  // The last `count` values. CHECKs that there are that many.
  std::span<Value> last(size_t count) {
    if (count > size()) [[unlikely]]
      too_few();
    return {end_ - count, count};
  }

  // By value: the argument may be an element of this stack.
  void push_back(Value value) {
    if (end_ == limit_) [[unlikely]]
      grow();
    new (end_++) Value(std::move(value));
  }
  Value pop() {
    Value value = std::move(back());
    drop(1);
    return value;
  }
  void drop(size_t count) { drop_from(end_ - count); }
  void clear() { drop_from(begin_); }
  // Replaces `count` arguments by a result.
  void replace_last(size_t count, Value value) {
    if (count == 0) return push_back(std::move(value));
    drop(count);
    new (end_++) Value(std::move(value));
  }

 private:
  static constexpr size_t inline_size = 8;

  Value* near() { return reinterpret_cast<Value*>(inline_); }
  [[noreturn]] static void too_few();
  void grow();
  void take(Stack& other) noexcept;
  void drop_from(Value* kept) {
    for (Value* value = end_; value != kept;) (--value)->~Value();
    end_ = kept;
  }
  void release() {
    if (begin_ != near()) ::operator delete(begin_);
    begin_ = end_ = near();
    limit_ = near() + inline_size;
  }

  Value* end_ = near();
  Value* begin_ = near();
  Value* limit_ = near() + inline_size;
  alignas(Value) std::byte inline_[inline_size * sizeof(Value)];
};

}  // namespace engine
