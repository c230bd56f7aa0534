#include "engine/backends/host_cuda/fiber.h"

#include <memory>
#include <utility>
#include <vector>

#if defined(__SANITIZE_ADDRESS__)
#define ENGINE_ADDRESS_SANITIZER
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ENGINE_ADDRESS_SANITIZER
#endif
#endif
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
void forget_frames(std::byte* stack) { __asan_unpoison_memory_region(stack, stack_bytes); }
#else
void begin_switch(void**, const void*, size_t) {}
void end_switch(void*, const void**, size_t*) {}
void forget_frames(std::byte*) {}
#endif

using Stack = std::unique_ptr<std::byte[]>;

std::vector<Stack>& spare_stacks() {
  thread_local std::vector<Stack> spare;
  return spare;
}

std::byte* take_stack() {
  std::vector<Stack>& spare = spare_stacks();
  if (spare.empty()) return new std::byte[stack_bytes];
  std::byte* const stack = spare.back().release();
  spare.pop_back();
  forget_frames(stack);
  return stack;
}

// For Boost: the stack is there already, and stays.
struct Lent {
  std::byte* stack;
  boost::context::stack_context allocate() const {
    boost::context::stack_context context;
    context.size = stack_bytes;
    context.sp = stack + stack_bytes;
    return context;
  }
  void deallocate(boost::context::stack_context&) const {}
};

}  // namespace

Fiber::Fiber(Body body, void* argument) : body_(body), argument_(argument), stack_(take_stack()) {
  inside_ = boost::context::fiber(std::allocator_arg, Lent{stack_}, [this](boost::context::fiber&& outside) {
    return begin(std::move(outside));
  });
}

Fiber::~Fiber() { spare_stacks().emplace_back(stack_); }

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
  begin_switch(&frames, stack_, stack_bytes);
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
