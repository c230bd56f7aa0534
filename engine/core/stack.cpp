#include "engine/core/stack.h"

#include "engine/core/check.h"

namespace engine {

void Stack::too_few() {
  check_failed(__FILE__, __LINE__, "count <= size()",
               "the stack has fewer values than the operator has arguments");
}

void Stack::grow() {
  const size_t count = size();
  auto* const larger = static_cast<Value*>(::operator new(2 * count * sizeof(Value)));
  for (size_t i = 0; i < count; ++i) new (larger + i) Value(std::move(begin_[i]));
  clear();
  release();
  begin_ = larger;
  end_ = larger + count;
  limit_ = larger + 2 * count;
}

// This stack is empty and owns no block.
void Stack::take(Stack& other) noexcept {
  if (other.begin_ != other.near()) {
    begin_ = std::exchange(other.begin_, other.near());
    end_ = std::exchange(other.end_, other.begin_);
    limit_ = std::exchange(other.limit_, other.near() + inline_size);
    return;
  }
  for (Value& value : other) push_back(std::move(value));
  other.clear();
}

}  // namespace engine
