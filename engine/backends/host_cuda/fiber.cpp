#include "engine/backends/host_cuda/fiber.h"

#include <boost/context/protected_fixedsize_stack.hpp>
#include <memory>
#include <utility>
#include <vector>

#include "engine/core/address_sanitizer.h"

#ifdef ENGINE_ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

namespace engine::host_cuda {

namespace {

// Deep enough for a kernel, a sanitizer's frames included.
constexpr size_t stack_bytes = size_t{128} << 10;

#ifdef ENGINE_ADDRESS_SANITIZER
void begin_switch(void** own_frames, const void* stack, size_t bytes) {
  __sanitizer_start_switch_fiber(own_frames, stack, bytes);
}
void end_switch(void* own_frames, const void** from_stack, size_t* from_bytes) {
  __sanitizer_finish_switch_fiber(own_frames, from_stack, from_bytes);
}
void unpoison(std::byte* memory, size_t bytes) { __asan_unpoison_memory_region(memory, bytes); }
#else
void begin_switch(void**, const void*, size_t) {}
void end_switch(void*, const void**, size_t*) {}
void unpoison(std::byte*, size_t) {}
#endif

}  // namespace

// Own pages, mapped on first use; the lowest is a guard page.
class FiberStack {
 public:
  FiberStack() : context_(pages().allocate()) {}
  FiberStack(const FiberStack&) = delete;
  FiberStack& operator=(const FiberStack&) = delete;
  ~FiberStack() { pages().deallocate(context_); }

  const boost::context::stack_context& context() const { return context_; }
  std::byte* bottom() const { return static_cast<std::byte*>(context_.sp) - context_.size; }
  size_t bytes() const { return context_.size; }

 private:
  static boost::context::protected_fixedsize_stack pages() {
    return boost::context::protected_fixedsize_stack(stack_bytes);
  }
  boost::context::stack_context context_;
};

namespace {

using Stack = std::unique_ptr<FiberStack>;

std::vector<Stack>& spare_stacks() {
  thread_local std::vector<Stack> spare;
  return spare;
}

Stack take_stack() {
  std::vector<Stack>& spare = spare_stacks();
  if (spare.empty()) return std::make_unique<FiberStack>();
  Stack stack = std::move(spare.back());
  spare.pop_back();
  unpoison(stack->bottom(), stack->bytes());  // frames that did not return
  return stack;
}

// Gives Boost an existing stack, and keeps it.
struct BorrowedStack {
  const boost::context::stack_context& context;
  boost::context::stack_context allocate() const { return context; }
  void deallocate(boost::context::stack_context&) const {}
};

}  // namespace

Fiber::Fiber(Body body, void* argument) : body_(body), argument_(argument), stack_(take_stack()) {
  inside_ =
      boost::context::fiber(std::allocator_arg, BorrowedStack{stack_->context()},
                            [this](boost::context::fiber&& outside) { return begin(std::move(outside)); });
}

Fiber::~Fiber() { spare_stacks().push_back(std::move(stack_)); }

boost::context::fiber Fiber::begin(boost::context::fiber&& outside) {
  end_switch(nullptr, &outer_stack_, &outer_bytes_);
  outside_ = std::move(outside);
  body_(argument_);
  done_ = true;
  begin_switch(nullptr, outer_stack_, outer_bytes_);
  return std::move(outside_);
}

void Fiber::enter() {
  void* frames = nullptr;
  begin_switch(&frames, stack_->bottom(), stack_->bytes());
  inside_ = std::move(inside_).resume();
  end_switch(frames, nullptr, nullptr);
}

void Fiber::leave() {
  void* frames = nullptr;
  begin_switch(&frames, outer_stack_, outer_bytes_);
  outside_ = std::move(outside_).resume();
  end_switch(frames, &outer_stack_, &outer_bytes_);
}

}  // namespace engine::host_cuda
