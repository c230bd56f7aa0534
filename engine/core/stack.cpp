#include "engine/core/stack.h"

namespace engine {

void Stack::grow() {
  auto* const larger = static_cast<Value*>(::operator new(2 * capacity_ * sizeof(Value)));
  for (size_t i = 0; i < size_; ++i) {
    new (larger + i) Value(std::move(values_[i]));
    values_[i].~Value();
  }
  const size_t capacity = 2 * capacity_;
  release();
  values_ = larger;
  capacity_ = capacity;
}

// This stack is empty and holds no block.
void Stack::take(Stack& other) noexcept {
  if (other.values_ != other.near()) {
    values_ = std::exchange(other.values_, other.near());
    capacity_ = std::exchange(other.capacity_, inline_size);
    size_ = std::exchange(other.size_, 0);
    return;
  }
  for (Value& value : other) push_back(std::move(value));
  other.clear();
}

}  // namespace engine
