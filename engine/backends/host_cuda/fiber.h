// Fiber: a call on its own stack that can be suspended and resumed. Promises: every switch of stacks is
// reported to the address sanitizer; the thread reuses stacks for its next fibers.
#pragma once

#include <boost/context/fiber.hpp>
#include <cstddef>
#include <memory>

namespace engine::host_cuda {

class FiberStack;

class Fiber {
 public:
  using Body = void (*)(void* argument);

  // Does not run the body yet.
  Fiber(Body body, void* argument);
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;
  ~Fiber();  // after the body has returned, or before it has begun

  // Runs the body up to its next leave() or to its end.
  void enter();
  // Called by the body: returns to the caller of enter().
  void leave();
  bool is_done() const { return done_; }

 private:
  boost::context::fiber begin(boost::context::fiber&& outside);

  Body body_;
  void* argument_;
  std::unique_ptr<FiberStack> stack_;
  boost::context::fiber inside_, outside_;
  // The stack of the caller of enter(), for the sanitizer.
  const void* outer_stack_ = nullptr;
  size_t outer_bytes_ = 0;
  bool done_ = false;
};

}  // namespace engine::host_cuda
